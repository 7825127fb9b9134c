/** Downloads Debian packages of exact versions, for any architecture and without root. */
import { join } from "node:path";
import { CommandError, runCommand } from "../process/command.ts";
import { MissingError } from "../needs/missing_error.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

/**
 * Downloads packages into a directory, from the machine's sources but with lists of their own: the machine's are those of
 * its own architecture, and only root may renew them.
 * @param packages as `libc6=2.36-9`
 * @throws MissingError where the sources do not have such a version
 */
export async function downloadDebianFiles(
  packages: readonly string[],
  architecture: string,
  directory: string,
  signal?: AbortSignal,
): Promise<void> {
  await using state = await temporaryDirectory({ prefix: "view-gateway-apt-" });
  for (const name of ["lists/partial", "cache/archives/partial"]) {
    await Deno.mkdir(join(state.path, name), { recursive: true });
  }
  const settings = join(state.path, "apt.conf");
  await Deno.writeTextFile(settings, aptSettings(state.path, architecture));
  const apt = (args: readonly string[]) =>
    runCommand("apt-get", ["--quiet", ...args], { cwd: directory, env: { APT_CONFIG: settings }, signal });
  // Lists of some sources may do.
  const failure = await apt(["update"]).then(() => undefined, (error) => {
    if (error instanceof CommandError) return error;
    throw error;
  });
  try {
    await apt(["download", ...packages]);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new MissingError(
      `This machine's sources of Debian do not have ${
        packages.join(", ")
      } for ${architecture}. Add sources of Debian 12, or ` +
        `raise the versions in scripts/release/debian_packages.ts.\n${error.message}${
          failure ? `\n${failure.message}` : ""
        }`,
    );
  }
}

/** https://manpages.debian.org/bookworm/apt/apt.conf.5 */
function aptSettings(state: string, architecture: string): string {
  const settings = {
    "APT::Architecture": architecture,
    "APT::Architectures": architecture,
    "APT::Sandbox::User": "",
    "Dir::State": state,
    "Dir::State::lists": join(state, "lists"),
    "Dir::State::status": "/dev/null",
    "Dir::Cache": join(state, "cache"),
  };
  return Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`).join("");
}
