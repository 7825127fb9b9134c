/** Both test clusters behind one interface. */
import type { Needs } from "../needs/needs.ts";
import type { ClusterStatus } from "./cluster_status.ts";
import { kwokNeeds, kwokStatus, startKwok, stopKwok } from "./kwok/kwok.ts";
import { runOnKwok } from "./kwok/run_on_kwok.ts";
import { nodeNeeds, type NodeOptions, nodeStatus, startNode, stopNode } from "./node/node.ts";
import { runOnNode, type RunOnNodeOptions } from "./node/run_on_node.ts";

interface WithKubeconfig {
  /** A path. */
  readonly kubeconfig: string;
}

/** A cluster for tests. Only the node has options: kwok has no containers that restart, and no network of its own. */
export interface TestCluster {
  /** Starts the cluster, or finds the one that is up. */
  start(options: NodeOptions, signal: AbortSignal): Promise<WithKubeconfig>;
  /** Stops the cluster and removes all of it. Answers whether there was anything of it. */
  stop(): Promise<boolean>;
  status(): Promise<ClusterStatus<WithKubeconfig>>;
  /** What `start` needs now. */
  needs(options: NodeOptions, signal: AbortSignal): Promise<Needs>;
  /** Runs a command with KUBECONFIG set to the cluster, and answers its exit status. Stops a cluster that it had to start. */
  run(
    command: readonly [string, ...string[]],
    options: RunOnNodeOptions,
    signal: AbortSignal,
  ): Promise<number>;
}

export const CLUSTER_NAMES = ["kwok", "node"] as const;
export type ClusterName = typeof CLUSTER_NAMES[number];

export const testClusters: Readonly<Record<ClusterName, TestCluster>> = {
  kwok: {
    start: (_options, signal) => startKwok(signal),
    stop: () => stopKwok(),
    status: () => kwokStatus(),
    needs: (_options, signal) => kwokNeeds(signal),
    run: (command, _options, signal) => runOnKwok(command, signal),
  },
  node: {
    start: (options, signal) => startNode(signal, options),
    stop: () => stopNode(),
    status: nodeStatus,
    needs: nodeNeeds,
    run: runOnNode,
  },
};
