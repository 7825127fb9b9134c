import { join } from "node:path";
import { directories } from "../cluster/node/cgroup.ts";
import { inputHash } from "../cache/cache.ts";
import { succeeds } from "../process/command.ts";
import { extractPackages, missingPackages } from "../packages/debian.ts";
import { cachedDirectory } from "../cache/cached_directory.ts";
import { MissingError } from "../needs/missing_error.ts";
import { step } from "../process/step.ts";

/** Where Docker's daemon and command line are, with what they need. */
export interface DockerEngine {
  /** A search path. */
  readonly path: string;
  /** A search path for libraries that are not where the system looks. */
  readonly libraries: string;
}

/**
 * Docker's engine: the one that is installed, else Debian's package and what it depends on, unpacked into the user's cache.
 * They are not installed, since that would start a daemon for the whole machine and stay.
 * @throws MissingError
 */
export async function dockerEngine(signal?: AbortSignal): Promise<DockerEngine> {
  // An interactive root's search path may lack these.
  const system = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"].filter(Boolean);
  const installed = { path: system.join(":"), libraries: Deno.env.get("LD_LIBRARY_PATH") ?? "" };
  if (await runs(installed, signal)) return installed;
  if (!await succeeds("apt-get", ["--version"], { signal })) {
    throw new MissingError("There is no dockerd on PATH, nor apt-get to get Debian's docker.io with. Install Docker.");
  }
  const hash = await inputHash([PACKAGE], ["/etc/os-release"]);
  const fill = (directory: string) =>
    step(
      `Fetching ${PACKAGE} from Debian`,
      async () => await extractPackages(await missingPackages(PACKAGE, signal), directory, signal),
    );
  const directory = await cachedDirectory("docker", hash, fill, { signal });
  // `usr/lib/x86_64-linux-gnu` and the like.
  const libraries = (await Promise.all(["usr/lib", "lib"].map((name) => directories(join(directory, name)))))
    .flat().filter((path) => path.includes("-linux-"));
  const engine = {
    path: [join(directory, "usr/sbin"), join(directory, "usr/bin"), join(directory, "sbin"), ...system].join(":"),
    libraries: libraries.join(":"),
  };
  if (await runs(engine, signal)) return engine;
  throw new MissingError(`Debian's ${PACKAGE} does not run from ${directory}. Install it: apt-get install ${PACKAGE}.`);
}

const PACKAGE = "docker.io";

async function runs({ path, libraries }: DockerEngine, signal?: AbortSignal): Promise<boolean> {
  const env = [`PATH=${path}`, ...libraries ? [`LD_LIBRARY_PATH=${libraries}`] : []];
  for (const program of ["dockerd", "containerd", "runc", "docker"]) {
    if (!await succeeds("env", [...env, program, "--version"], { signal })) return false;
  }
  return true;
}
