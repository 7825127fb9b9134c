import { join } from "node:path";
import { cacheDirectory } from "../cache/cache.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/** Where a cluster keeps all that it has of its own; it is gone when the cluster is down. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), "clusters", name);
}

/** The names of the clusters that are up, or were when their machine or starter stopped. */
export async function clusterNames(): Promise<readonly string[]> {
  const entries = Deno.readDir(join(cacheDirectory(), "clusters"));
  return (await unlessAbsent(Array.fromAsync(entries, ({ name }) => name)) ?? []).sort();
}
