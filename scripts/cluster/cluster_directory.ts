import { join } from "node:path";
import { cacheDirectory } from "../cache/cache.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/** The directory with all files of a cluster. It is removed when the cluster stops. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), "clusters", name);
}

/** The names of the clusters that are up, or that were up when their machine or owner stopped. */
export async function clusterNames(): Promise<readonly string[]> {
  const entries = Deno.readDir(join(cacheDirectory(), "clusters"));
  return (await unlessAbsent(Array.fromAsync(entries, ({ name }) => name)) ?? []).sort();
}
