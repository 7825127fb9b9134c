import { succeeds } from "./command.ts";
import { MissingError } from "./missing.ts";

/**
 * Sees to it that there is Go.
 * @param built what is built with it, as `the examples are`
 * @param otherwise what one can do instead of installing it
 * @throws MissingError
 */
export async function requireGo(built: string, otherwise?: string, signal?: AbortSignal): Promise<void> {
  if (await succeeds("go", ["version"], { signal })) return;
  const remedy = ["Install Go 1.24 or later", ...otherwise === undefined ? [] : [otherwise]].join(", or ");
  throw new MissingError(`There is no Go on PATH, which ${built} built with. ${remedy}.`);
}
