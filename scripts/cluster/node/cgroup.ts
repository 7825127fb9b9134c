import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { unlessAbsent } from "../../process/unless_absent.ts";

const root = "/sys/fs/cgroup";
/** Where containerd puts the control groups of Kubernetes' containers. */
const parent = "k8s.io";

/**
 * Gives all pods together the weight of a number of cores when they compete for the processor. Each of the machine's other
 * programs has the weight of one core. A kubelet with control groups for quality of service gives pods the weight of all
 * cores; without them, all pods together would weigh as much as one program.
 */
export async function weighPods(cores: number): Promise<void> {
  for (const hierarchy of [join(root, "cpu"), root]) {
    if (!existsSync(join(hierarchy, "cgroup.procs"))) continue;
    await Deno.mkdir(join(hierarchy, parent), { recursive: true });
    // Of version 1, and of version 2 where that shares the processor.
    for (
      const [file, weight] of [["cpu.shares", cores * 1024], ["cpu.weight", Math.min(cores * 100, 10_000)]] as const
    ) {
      const path = join(hierarchy, parent, file);
      if (existsSync(path)) await Deno.writeTextFile(path, String(weight));
    }
  }
}

/**
 * Removes the control groups of containers, by their identifiers, in every hierarchy, after their processes have ended.
 * Those of other containers stay.
 */
export async function removeCgroups(containers: readonly string[]): Promise<void> {
  for (const hierarchy of await hierarchies(parent)) {
    for (const container of containers) await removeTree(join(hierarchy, parent, container));
    if ((await directories(join(hierarchy, parent))).length === 0) await removeTree(join(hierarchy, parent));
  }
}

/** Removes a control group and those in it, in every hierarchy, after their processes have ended. */
export async function removeCgroup(name: string): Promise<void> {
  for (const hierarchy of await hierarchies(name)) await removeTree(join(hierarchy, name));
}

/** Those that have a control group. Version 2 has one hierarchy; version 1 one per controller. */
async function hierarchies(name: string): Promise<readonly string[]> {
  return [root, ...await directories(root)].filter((path) => existsSync(join(path, name)));
}

async function removeTree(path: string): Promise<void> {
  for (const child of await directories(path)) await removeTree(child);
  for (let attempt = 0;; attempt++) {
    try {
      // Its files are the kernel's, and go with it.
      return await Deno.remove(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      // The kernel may need a moment after the last process has ended.
      if (attempt === 100) throw error;
      await delay(50);
    }
  }
}

/** The paths of a directory's directories; none where it is not there. */
export async function directories(path: string): Promise<readonly string[]> {
  const entries = await unlessAbsent(Array.fromAsync(Deno.readDir(path))) ?? [];
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => join(path, name));
}
