/** k3d's command line. */
import { join } from "node:path";
import { type CommandOptions, runCommand } from "../../process/command.ts";
import { clusterDirectory } from "../cluster_directory.ts";
import { findCluster, type K3dCluster } from "./k3d_cluster.ts";
import { NODE } from "../node/node_world.ts";

/** Of the project's own cluster. */
export const K3D_KUBECONFIG = join(clusterDirectory(NODE), "kubeconfig");

/**
 * Runs k3d to its end and answers what it wrote. It changes no kubeconfig but the project's own, which it would do where a
 * cluster is deleted.
 * @throws CommandError
 */
export function k3d(args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return runCommand("k3d", args, { ...options, env: { ...options.env, KUBECONFIG: K3D_KUBECONFIG } });
}

/** The cluster of a name; undefined where there is none. */
export async function k3dCluster(name: string, signal?: AbortSignal): Promise<K3dCluster | undefined> {
  return findCluster(JSON.parse(await k3d(["cluster", "list", "--output=json"], { signal })), name);
}
