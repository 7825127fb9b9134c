import { join } from "node:path";
import { unlessAbsent } from "../process/unless_absent.ts";
import { clusterDirectory } from "./cluster_directory.ts";

/** The content of `cluster.json` in a cluster's directory; undefined if there is none. */
export async function readState<T>(name: string): Promise<T | undefined> {
  const text = await unlessAbsent(Deno.readTextFile(join(clusterDirectory(name), "cluster.json")));
  return text === undefined ? undefined : JSON.parse(text);
}

/** Writes it whole, or not at all. */
export async function writeState<T>(name: string, state: T): Promise<void> {
  const file = join(clusterDirectory(name), "cluster.json");
  await Deno.writeTextFile(`${file}.new`, JSON.stringify(state, null, 2));
  await Deno.rename(`${file}.new`, file);
}
