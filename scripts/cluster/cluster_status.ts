import { apiServerAnswers } from "./api_server.ts";
import { clusterDirectory } from "./cluster_directory.ts";
import { readState } from "./cluster_state.ts";
import { Processes } from "./processes/processes.ts";

export interface ClusterStatus<T> {
  /** Undefined if the cluster is not up. */
  readonly cluster?: T | undefined;
  /** What should run but does not. */
  readonly missing: readonly string[];
}

/** The status of a cluster whose state has a member `cluster` as soon as it is ready. */
export async function clusterStatus<T extends { readonly kubeconfig: string }>(
  name: string,
): Promise<ClusterStatus<T>> {
  const cluster = (await readState<{ readonly cluster?: T }>(name))?.cluster;
  if (!cluster) return { missing: [] };
  const processes = new Processes(clusterDirectory(name));
  const missing = processes.names().filter((process) => processes.pid(process) === undefined);
  if (missing.length === 0 && !await apiServerAnswers(cluster.kubeconfig)) missing.push("an API server that answers");
  return { cluster, missing };
}
