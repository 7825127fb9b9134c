import { join } from "node:path";
import { inputHash } from "../../cache/cache.ts";
import { succeeds } from "../../process/command.ts";
import { extractPackages, requireCommand } from "../../packages/debian.ts";
import { cachedDirectory } from "../../cache/cached_directory.ts";
import { MissingError } from "../../needs/missing_error.ts";
import { step } from "../../process/step.ts";

/** Where a node's containerd, runc and network plugins are. */
export interface NodeRuntime {
  /** A search path. */
  readonly path: string;
  readonly plugins: string;
}

const packages = ["containerd", "runc", "containernetworking-plugins"];

/**
 * What a node runs containers with: Debian's packages, unpacked into the user's cache. They are not installed, since that
 * would enable a service, and would clash with Docker's own containerd.
 * @throws MissingError
 */
export async function nodeRuntime(signal?: AbortSignal): Promise<NodeRuntime> {
  requireRoot();
  await requireCommand("ip", "iproute2", signal, "-V");
  await requireCommand("iptables", "iptables", signal);
  await requireCommand("ipset", "ipset", signal);
  // An interactive root's search path may lack these.
  const system = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"].filter(Boolean);
  if (!await succeeds("apt-get", ["--version"], { signal })) return installed(system.join(":"));
  const hash = await inputHash(packages, ["/etc/os-release"]);
  const fill = (directory: string) =>
    step(`Fetching ${packages.join(", ")} from Debian`, () => extractPackages(packages, directory, signal));
  const directory = await cachedDirectory("containerd", hash, fill, { signal });
  return { path: [join(directory, "usr/bin"), ...system].join(":"), plugins: join(directory, "usr/lib/cni") };
}

/** What another distribution has. */
async function installed(path: string): Promise<NodeRuntime> {
  for (const name of ["containerd", "ctr", "containerd-shim-runc-v2", "runc"]) {
    if (await has(path.split(":"), name)) continue;
    throw new MissingError(`There is no ${name} on PATH, which a node needs. Install containerd and runc.`);
  }
  for (const plugins of ["/opt/cni/bin", "/usr/lib/cni", "/usr/libexec/cni"]) {
    if (await has([plugins], "bridge")) return { path, plugins };
  }
  throw new MissingError("There are no CNI plugins in /opt/cni/bin, which a node needs. Install them.");
}

async function has(directories: readonly string[], name: string): Promise<boolean> {
  for (const directory of directories) {
    if (await Deno.stat(join(directory, name)).then(({ isFile }) => isFile, () => false)) return true;
  }
  return false;
}

function requireRoot(): void {
  if (Deno.build.os !== "linux") {
    throw new MissingError(
      "A node runs on Linux or in Docker. Install k3d and start a Docker daemon that can pull images.",
    );
  }
  if (Deno.uid() !== 0) {
    throw new MissingError(
      "A node needs root: run it with sudo, or install k3d and start a Docker daemon that can pull images.",
    );
  }
}
