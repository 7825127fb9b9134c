import { CommandError, runCommand, succeeds } from "../process/command.ts";
import { MissingError } from "../needs/missing_error.ts";
import { step } from "../process/step.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/**
 * Makes sure that a command is there, and installs its Debian package if it is not. Only for packages without services,
 * which would start. `version` is the argument with which the command only prints its version.
 * @throws MissingError
 */
export async function requireCommand(
  name: string,
  debianPackage: string,
  signal?: AbortSignal,
  version = "--version",
): Promise<void> {
  if (await succeeds(name, [version], { signal })) return;
  const missing = `There is no ${name} on PATH.`;
  if (!await succeeds("apt-get", ["--version"], { signal })) {
    throw new MissingError(`${missing} Install it, or start a Docker daemon that can pull images.`);
  }
  if (Deno.uid() !== 0) {
    throw new MissingError(`${missing} Run \`apt-get install ${debianPackage}\` as root, or start a Docker daemon.`);
  }
  await step(`Installing ${debianPackage} from Debian`, async () => {
    await withLists(["install", "--yes", "--no-install-recommends", debianPackage], {}, signal);
  });
}

/** Unpacks Debian packages into a directory, without running any of their scripts. */
export async function extractPackages(
  packages: readonly string[],
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  await using downloads = await temporaryDirectory({ prefix: "view-gateway-debian-" });
  await withLists(["download", ...packages], { cwd: downloads.path }, signal);
  for await (const { name } of Deno.readDir(downloads.path)) {
    await runCommand("dpkg-deb", ["--extract", `${downloads.path}/${name}`, directory], { signal });
  }
}

/** A package and what it depends on, without what is installed. */
export async function missingPackages(debianPackage: string, signal?: AbortSignal): Promise<readonly string[]> {
  return toInstall(await withLists(["install", "--simulate", "--no-install-recommends", debianPackage], {}, signal));
}

/** The packages that a simulation of apt-get would install. */
export function toInstall(simulation: string): readonly string[] {
  return [...simulation.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name!);
}

/** Seconds to wait for another apt, such as that of an automatic upgrade. */
const LOCK = 300;

/** Package lists that are missing or out of date are fetched once. Answers what apt-get wrote. */
async function withLists(
  command: readonly string[],
  options: { cwd?: string },
  signal?: AbortSignal,
): Promise<string> {
  const execute = (args: readonly string[]) =>
    runCommand("apt-get", [`--option=DPkg::Lock::Timeout=${LOCK}`, ...args], {
      ...options,
      env: { DEBIAN_FRONTEND: "noninteractive" },
      signal,
    });
  try {
    return await execute(command);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
  }
  await execute(["update"]).catch((error) => {
    // Lists of some sources may do.
    if (!(error instanceof CommandError)) throw error;
  });
  return await execute(command);
}
