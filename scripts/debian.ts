import { run, succeeds } from "./command.ts";
import { MissingError } from "./missing.ts";
import { step } from "./progress.ts";
import { temporaryDirectory } from "./temporary_directory.ts";

/**
 * Sees to it that a command is there, from a Debian package if need be. For packages without services: it does not keep
 * them from starting. `version` is the argument with which the command only tells its version.
 * @throws MissingError
 */
export async function command(
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
export async function extract(packages: readonly string[], directory: string, signal?: AbortSignal): Promise<void> {
  await using downloads = await temporaryDirectory({ prefix: "view-gateway-debian-" });
  await withLists(["download", ...packages], { cwd: downloads.path }, signal);
  for await (const { name } of Deno.readDir(downloads.path)) {
    await run("dpkg-deb", ["--extract", `${downloads.path}/${name}`, directory], { signal });
  }
}

/** Seconds to wait for another apt, such as one that upgrades packages by itself. */
const LOCK = 300;

/** Package lists that are missing or out of date are fetched once. */
async function withLists(command: readonly string[], options: { cwd?: string }, signal?: AbortSignal): Promise<void> {
  const args = [`--option=DPkg::Lock::Timeout=${LOCK}`, ...command];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  if (await succeeds("apt-get", args, { ...options, env, signal })) return;
  await succeeds("apt-get", [`--option=DPkg::Lock::Timeout=${LOCK}`, "update"], { signal });
  await run("apt-get", args, { ...options, env, signal });
}
