import { join } from "node:path";
import { cacheDirectory } from "../../scripts/cache.ts";

/** Where a cluster keeps all that it has of its own; it is gone when the cluster is down. */
export function clusterDirectory(name: string): string {
  return join(cacheDirectory(), "clusters", name);
}

/** The names of the clusters that are up, or were when their machine or starter stopped. */
export async function clusterNames(): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(join(cacheDirectory(), "clusters")), ({ name }) => name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
