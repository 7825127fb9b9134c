/** The namespaces that the own node's programs run in, and those programs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { clusterDirectory } from "../cluster_directory.ts";
import type { Components } from "../components.ts";
import { NODE_WORLD } from "./node_files.ts";
import { Processes, type Program } from "../processes/processes.ts";
import { until } from "../../process/until.ts";

export const NODE = "node";
export const directory = clusterDirectory(NODE);
export const processes = new Processes(directory);

/** Holds the node's namespaces. */
export const WORLD = "world";

/** Makes the namespaces that all else runs in. */
export async function startWorld(built: Components, signal?: AbortSignal): Promise<void> {
  const command: Program["command"] = ["/bin/sh", "-euc", NODE_WORLD, "node-world", directory, built.pause];
  const prefix = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "--"];
  await processes.start({ name: WORLD, command }, { prefix });
  await until("the node's namespaces are there", async () => {
    await processes.requireAlive();
    return existsSync(join(directory, "world"));
  }, { milliseconds: 10_000, signal, explain: () => processes.logTail(WORLD) });
}

/** What makes a command run in the node's world. */
export function inside(): readonly string[] {
  const world = processes.pid(WORLD);
  if (world === undefined) throw new Error("The node is not up.");
  return ["nsenter", `--target=${world}`, "--net", "--mount", "--pid", "--"];
}

/** Path of the network namespace. */
export function networkNamespace(): string {
  return `/proc/${processes.pid(WORLD)}/ns/net`;
}

export async function launch(program: Program): Promise<void> {
  await processes.start(program, { prefix: inside() });
}
