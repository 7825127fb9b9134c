import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { unlessAbsent } from "../../scripts/unless_absent.ts";

const root = "/sys/fs/cgroup";
/** Where containerd puts the control groups of Kubernetes' containers. */
const parent = "k8s.io";

/**
 * Removes the control groups of containers, by their identifiers, in every hierarchy, after their processes have ended.
 * Those of other containers stay.
 */
export async function removeCgroups(containers: readonly string[]): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    for (const container of containers) await removeTree(join(hierarchy, parent, container));
    if ((await directories(join(hierarchy, parent))).length === 0) await removeTree(join(hierarchy, parent));
  }
}

/** Version 2 has one hierarchy; version 1 one per controller. */
async function hierarchies(): Promise<readonly string[]> {
  return [root, ...await directories(root)].filter((path) => existsSync(join(path, parent)));
}

async function removeTree(path: string): Promise<void> {
  for (const child of await directories(path)) await removeTree(child);
  for (let attempt = 0;; attempt++) {
    try {
      // Its files are the kernel's, and go with it.
      return await Deno.remove(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      // The kernel may take a moment to forget the last process.
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
