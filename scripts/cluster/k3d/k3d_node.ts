/** Runs the node with k3d, if Docker can get its image. */
import { join } from "node:path";
import { CommandError, succeeds } from "../../process/command.ts";
import { MissingError } from "../../needs/missing_error.ts";
import { step } from "../../process/step.ts";
import { unlessAbsent } from "../../process/unless_absent.ts";
import { apiServerAnswers, apiServerReturns } from "../api_server.ts";
import { clusterDirectory } from "../cluster_directory.ts";
import { readState, writeState } from "../cluster_state.ts";
import { dockerDaemon, dockerImage } from "../../docker/docker_client.ts";
import { k3d, K3D_KUBECONFIG, k3dCluster } from "./k3d.ts";
import { createArguments, forwardArguments, kubeletDropIn } from "./k3d_arguments.ts";
import { forwardedTo } from "./k3d_cluster.ts";
import { importIntoK3d } from "./k3d_images.ts";
import { isOwnedBy, ownerOf } from "./k3d_owner.ts";
import { helperImages, tooOld, versionIn } from "./k3d_version.ts";
import type { NodeCluster, NodeKind, NodeOptions, NodeState } from "../node/node_kind.ts";
import { NODE } from "../node/node_world.ts";

const CLUSTER = "view-gateway";
const image = "rancher/k3s:v1.33.5-k3s1";
const directory = clusterDirectory(NODE);

export const k3dNode: NodeKind = {
  start,
  remove,
  async revive(signal) {
    if (!await k3dCluster(CLUSTER, signal)) return false;
    if (!await succeeds("k3d", ["cluster", "start", CLUSTER, "--wait", "--timeout=60s"], { signal })) return false;
    return await apiServerReturns(K3D_KUBECONFIG, signal);
  },
  setRestartBackoff() {
    throw new Error("The kubelet's configuration is a part of how k3d creates a node.");
  },
  loadImage: (archive, signal) => importIntoK3d(CLUSTER, archive, signal),
  async forwards(listen, signal) {
    const cluster = await k3dCluster(CLUSTER, signal);
    return cluster !== undefined && forwardedTo(cluster, listen) !== undefined;
  },
  async forward(listen, { nodePort }, signal) {
    const cluster = await k3dCluster(CLUSTER, signal);
    if (!cluster) throw new CommandError(`There is no k3d cluster ${CLUSTER}.`);
    const port = forwardedTo(cluster, listen);
    if (port === nodePort) return;
    if (port !== undefined) {
      throw new MissingError(
        `${listen} leads to port ${port} of k3d cluster ${CLUSTER}, not to ${nodePort}, and k3d cannot change that. ` +
          "Choose another port, or stop the cluster first.",
      );
    }
    await addPort(listen, nodePort, signal);
  },
  // k3d can add ports, but cannot remove them.
  unforward: () => Promise.resolve(),
  // This machine's programs are not in the network of k3d's pods.
  guests: undefined,
};

/**
 * Why k3d cannot run the node; undefined if it can.
 * @throws MissingError if others have a cluster of the same name
 */
export async function k3dLacking(signal?: AbortSignal): Promise<string | undefined> {
  if (!await succeeds("k3d", ["version"], { signal })) return "there is no k3d on PATH";
  const version = versionIn(await k3d(["version"], { signal }));
  const old = tooOld(version);
  if (old !== undefined) return old;
  if (!await succeeds("kubectl", ["version", "--client"], { signal })) return "there is no kubectl on PATH";
  const daemon = await dockerDaemon(signal);
  if ("lacking" in daemon) return daemon.lacking;
  if (await k3dCluster(CLUSTER, signal)) await requireOwn(signal);
  for (const needed of [image, ...helperImages(version, (name) => Deno.env.get(name))]) {
    const found = await dockerImage(needed, signal);
    if ("lacking" in found) return found.lacking;
  }
  return undefined;
}

async function start({ restartBackoff }: NodeOptions, signal?: AbortSignal): Promise<NodeCluster> {
  return await step(`Starting cluster ${NODE} by k3d`, async () => {
    await Deno.mkdir(directory, { recursive: true });
    const owner = ownerOf(directory);
    const state: NodeState = { kind: "k3d", restartBackoff, madeBy: owner };
    await writeState<NodeState>(NODE, state);
    if (await k3dCluster(CLUSTER, signal)) {
      await requireOwn(signal);
      await deleteCluster();
    }
    const kubeletFile = restartBackoff === undefined ? undefined : join(directory, "kubelet.conf");
    if (kubeletFile) await Deno.writeTextFile(kubeletFile, kubeletDropIn(restartBackoff!));
    await k3d(createArguments(CLUSTER, { image, owner, kubeletFile }), { signal });
    const text = await k3d(["kubeconfig", "get", CLUSTER], { signal });
    await Deno.writeTextFile(K3D_KUBECONFIG, text, { mode: 0o600 });
    const cluster: NodeCluster = { kubeconfig: K3D_KUBECONFIG, insideKubeconfig: K3D_KUBECONFIG };
    await writeState<NodeState>(NODE, { ...state, cluster });
    return cluster;
  });
}

async function remove(): Promise<void> {
  const madeBy = (await readState<NodeState>(NODE))?.madeBy;
  if (madeBy !== undefined && await isOwnedBy(madeBy, CLUSTER)) await deleteCluster();
  await unlessAbsent(Deno.remove(directory, { recursive: true }));
}

async function deleteCluster(): Promise<void> {
  await k3d(["cluster", "delete", CLUSTER]);
}

/**
 * Docker cannot add a port to a running container, so k3d replaces the load balancer. If the port is not free, k3d may leave
 * no load balancer, and then the API server cannot be reached either.
 */
async function addPort(listen: string, port: number, signal?: AbortSignal): Promise<void> {
  try {
    await k3d(forwardArguments(CLUSTER, listen, port), { signal });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    if (!await apiServerAnswers(K3D_KUBECONFIG)) await k3d(["cluster", "start", CLUSTER, "--wait", "--timeout=60s"]);
    throw new MissingError(`Cannot forward ${listen}: ${error.message}`);
  }
}

async function requireOwn(signal?: AbortSignal): Promise<void> {
  if (await isOwnedBy(ownerOf(directory), CLUSTER, signal)) return;
  throw new MissingError(
    `There is a k3d cluster ${CLUSTER} that was not made here. It stays as it is. ` +
      `If nobody needs it, run \`k3d cluster delete ${CLUSTER}\`.`,
  );
}
