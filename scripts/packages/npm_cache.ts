import { join } from "node:path";
import { runCommand } from "../process/command.ts";

/** The directories of Deno's cache that have npm's packages, one for each registry. */
export async function npmRegistries(signal?: AbortSignal): Promise<readonly string[]> {
  const { npmCache } = JSON.parse(await runCommand(Deno.execPath(), ["info", "--json"], { signal }));
  return await Array.fromAsync(Deno.readDir(npmCache), ({ name }) => join(npmCache, name));
}
