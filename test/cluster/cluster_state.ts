import { join } from "node:path";
import { clusterDirectory } from "./cluster_directory.ts";

/** What `cluster.json` below a cluster's directory says; undefined where there is none. */
export async function readState<T>(name: string): Promise<T | undefined> {
  try {
    return JSON.parse(await Deno.readTextFile(join(clusterDirectory(name), "cluster.json")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes it whole, or not at all. */
export async function writeState<T>(name: string, state: T): Promise<void> {
  const file = join(clusterDirectory(name), "cluster.json");
  await Deno.writeTextFile(`${file}.new`, JSON.stringify(state, null, 2));
  await Deno.rename(`${file}.new`, file);
}
