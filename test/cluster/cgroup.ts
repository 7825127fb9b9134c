import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const root = "/sys/fs/cgroup";

/** The name of the control group that holds a cluster's containers, by the cluster's directory. */
export function cgroupOf(directory: string): string {
  return `view-gateway-${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;
}

/** Removes a control group, in every hierarchy, after its processes have ended. */
export async function removeCgroup(name: string): Promise<void> {
  for (let attempt = 0;; attempt++) {
    try {
      for (const path of await hierarchies(name)) await removeTree(path);
      return;
    } catch (error) {
      // The kernel may take a moment to forget the last process.
      if (attempt === 100) throw error;
      await delay(50);
    }
  }
}

/** Version 2 has one hierarchy; version 1 one per controller. */
async function hierarchies(name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const parent of [root, ...await directories(root)]) {
    if (await Deno.stat(join(parent, name)).then(() => true, () => false)) found.push(join(parent, name));
  }
  return found;
}

async function removeTree(path: string): Promise<void> {
  for (const child of await directories(path)) await removeTree(child);
  // Its files are the kernel's, and go with it.
  await Deno.remove(path);
}

async function directories(path: string): Promise<readonly string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => join(path, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
