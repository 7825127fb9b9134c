/**
 * Starts and stops a real Kubernetes with one node: with k3d if Docker can pull its image, or else from Go modules and
 * Debian's packages, in a network of its own on this machine. There is one node for each user.
 */
import { existsSync } from "node:fs";
import { withLock } from "../../cache/lock.ts";
import { MissingError } from "../../needs/missing_error.ts";
import type { Needs } from "../../needs/needs.ts";
import { clusterDirectory } from "../cluster_directory.ts";
import { readState, writeState } from "../cluster_state.ts";
import { taskCommand } from "../../process/task_command.ts";
import { type ClusterStatus, clusterStatus } from "../cluster_status.ts";
import { k3dLacking, k3dNode } from "../k3d/k3d_node.ts";
import type {
  ForwardedService,
  NodeCluster,
  NodeGuests,
  NodeKind,
  NodeKindName,
  NodeOptions,
  NodeState,
} from "./node_kind.ts";
import { nodeStep } from "./node_step.ts";
import { NODE } from "./node_world.ts";
import { ownNode, ownNodeNeeds } from "./own_node.ts";

export type { ForwardedService, NodeCluster, NodeGuests, NodeOptions } from "./node_kind.ts";
export { restartProgram } from "./own_node.ts";

const kinds: Readonly<Record<NodeKindName, NodeKind>> = { k3d: k3dNode, own: ownNode };

export interface StartNodeOptions extends NodeOptions {
  /** The kind of node. Default: k3d if possible, or else the project's own. */
  readonly kind?: NodeKindName | undefined;
}

/** A node that is up. At the end of its scope it stops, but only if it was started for this. */
export interface BorrowedNode extends AsyncDisposable {
  readonly cluster: NodeCluster;
}

/**
 * Starts the node, or finds the one that is up. If `restartBackoff` differs, the kubelet restarts.
 * @throws MissingError if this machine lacks what a node needs, or if the node that is up does not fit
 */
export async function startNode(signal?: AbortSignal, options: StartNodeOptions = {}): Promise<NodeCluster> {
  return (await ensure(options, signal)).cluster;
}

/** As `up`, for as long as the answer is in scope. */
export async function borrowNode(signal?: AbortSignal, options: StartNodeOptions = {}): Promise<BorrowedNode> {
  const { cluster, started } = await ensure(options, signal);
  return {
    cluster,
    async [Symbol.asyncDispose]() {
      if (started) await stopNode();
    },
  };
}

/**
 * Says at once what `up` would say after minutes of other work.
 * @throws MissingError where the node that is up is not as it is wanted
 */
export async function requireNodeFits(options: StartNodeOptions): Promise<void> {
  const state = await readState<NodeState>(NODE);
  const step = nodeStep(state, [], options, options.kind);
  if (step.do === "refuse") throw refusal(step.reason);
}

/** Stops the node and removes all of it. Answers whether there was anything of it. */
export function stopNode(signal?: AbortSignal): Promise<boolean> {
  return withLock(`cluster-${NODE}`, signal, remove);
}

export function nodeStatus(): Promise<ClusterStatus<NodeCluster>> {
  return clusterStatus(NODE);
}

/** Loads the images of a docker-archive file into the node, unless the node has their references. */
export async function loadImageOnNode(archive: string, signal?: AbortSignal): Promise<void> {
  await (await present()).loadImage(archive, signal);
}

/** Whether a port of this machine, such as `127.0.0.1:8080`, is one that `forward` has taken for the node that is up. */
export async function isForwarded(listen: string, signal?: AbortSignal): Promise<boolean> {
  const state = await readState<NodeState>(NODE);
  return state?.cluster !== undefined && await kinds[state.kind].forwards(listen, signal);
}

/**
 * Connects a port of this machine, such as `127.0.0.1:8080`, to a Service, until `unforward` or `down`. The one that was
 * there before for this port ends.
 * @throws MissingError where the port is taken
 */
export async function forwardPort(listen: string, service: ForwardedService, signal?: AbortSignal): Promise<void> {
  await (await present()).forward(listen, service, signal);
}

/** Ends what `forward` started for a port. With k3d it stays until `down`. */
export async function endForward(listen: string): Promise<void> {
  await (await present()).unforward(listen);
}

/** What runs beside the pods of the node that is up; undefined with k3d. */
export async function nodeGuests(): Promise<NodeGuests | undefined> {
  return (await present()).guests;
}

/** What `up` needs now. */
export async function nodeNeeds(options: StartNodeOptions = {}, signal?: AbortSignal): Promise<Needs> {
  const { cluster, missing } = await nodeStatus();
  if (cluster && missing.length === 0) return { needs: [] };
  const { kind, lacking } = await way(options, signal);
  if (kind === "k3d") return { needs: [] };
  const hint = lacking === undefined ? undefined : `A node with k3d would need less, but ${lacking}.`;
  return { needs: await ownNodeNeeds(), hint };
}

interface Way {
  readonly kind: NodeKindName;
  readonly said: string;
  /** Why it is not k3d. */
  readonly lacking?: string;
}

/** Which kind of node is started, and why. */
async function way({ kind }: StartNodeOptions, signal?: AbortSignal): Promise<Way> {
  if (kind === "own") return { kind, said: "from binaries: k3d does not fit" };
  const lacking = await k3dLacking(signal);
  if (lacking === undefined) return { kind: "k3d", said: "with k3d, which has all that it needs" };
  return { kind: kind ?? "own", said: `from binaries: ${lacking}`, lacking };
}

function ensure(
  options: StartNodeOptions,
  signal?: AbortSignal,
): Promise<{ readonly cluster: NodeCluster; readonly started: boolean }> {
  return withLock(`cluster-${NODE}`, signal, async () => {
    const state = await readState<NodeState>(NODE);
    const { cluster, missing } = await nodeStatus();
    let next = nodeStep(state, missing, options, options.kind);
    if (state && next.do === "revive") {
      console.error(`Cluster ${NODE} lacks ${missing.join(", ")}: waits for it and starts what has stopped.`);
      if (await kinds[state.kind].revive(signal)) next = nodeStep(state, [], options, options.kind);
    }
    if (next.do === "refuse") throw refusal(next.reason);
    if (cluster && next.do === "keep") return { cluster, started: false };
    if (cluster && state && next.do === "set-restart-backoff") {
      await kinds[state.kind].setRestartBackoff(next.duration, signal);
      await writeState<NodeState>(NODE, { ...state, restartBackoff: next.duration });
      return { cluster, started: false };
    }
    await remove();
    const { kind, said, lacking } = await way(options, signal);
    console.error(`Kubernetes for the gateway: ${said}`);
    try {
      return { cluster: await kinds[kind].start(options, signal), started: true };
    } catch (error) {
      await remove();
      if (lacking !== undefined && error instanceof MissingError) {
        throw new MissingError(`${error.message} k3d cannot run the node either: ${lacking}.`);
      }
      throw error;
    }
  });
}

function refusal(reason: string): MissingError {
  return new MissingError(
    `${reason} Stop it first, with all that runs in it: \`${taskCommand("cluster down node")}\`.`,
  );
}

async function present(): Promise<NodeKind> {
  const state = await readState<NodeState>(NODE);
  if (!state?.cluster) throw new Error("The node is not up.");
  return kinds[state.kind];
}

/**
 * Answers whether there was anything of the node. Each start makes the directory first. Without it, a node on this machine,
 * and the control groups of its pods, are another user's. With the directory and without a state, remains of an earlier
 * version or of a killed start may be there, always of the own kind.
 */
async function remove(): Promise<boolean> {
  if (!existsSync(clusterDirectory(NODE))) return false;
  const state = await readState<NodeState>(NODE);
  await kinds[state?.kind ?? "own"].remove();
  return true;
}
