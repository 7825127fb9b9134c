import { CommandError, runCommand } from "../process/command.ts";
import { MissingError } from "./missing_error.ts";

/** Since this version, Go downloads the version that a module names: https://go.dev/doc/toolchain */
const LEAST_MINOR = 21;

export const GO = `Go 1.${LEAST_MINOR} or later`;

/**
 * Makes sure that there is Go.
 * @param built what it builds, for example `the examples are`
 * @param otherwise what the user can do instead of installing Go
 * @throws MissingError
 */
export async function requireGo(built: string, otherwise?: string, signal?: AbortSignal): Promise<void> {
  if (await thereIsGo(signal)) return;
  const remedy = [`Install ${GO}`, ...otherwise === undefined ? [] : [otherwise]].join(", or ");
  throw new MissingError(`There is no Go on PATH that is new enough, which ${built} built with. ${remedy}.`);
}

export async function thereIsGo(signal?: AbortSignal): Promise<boolean> {
  try {
    return isNewEnough(await runCommand("go", ["version"], { signal }));
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

/** @param version what `go version` prints */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || Number(major) === 1 && Number(minor) >= LEAST_MINOR;
}
