/** A node from Go modules and Debian's packages, in a network of its own on this machine. */
import { basename, join } from "node:path";
import { MissingError } from "../../needs/missing_error.ts";
import type { RequiredTool } from "../../needs/needs.ts";
import { step } from "../../process/step.ts";
import { taskCommand } from "../../process/task_command.ts";
import { unlessAbsent } from "../../process/unless_absent.ts";
import { ApiServer, apiServerAnswers, apiServerOf, apiServerReturns } from "../api_server.ts";
import { certificates } from "../certificates.ts";
import { directories, removeCgroups } from "./cgroup.ts";
import { writeState } from "../cluster_state.ts";
import { components, componentsNeeds } from "../components.ts";
import { API_SERVICE, apiServer, controllers, etcd, writeCertificates } from "../control_plane.ts";
import { kubeconfig as kubeconfigText } from "../kubeconfig.ts";
import { kubeRouterBinary, kubeRouterNeeds } from "./kube_router_binary.ts";
import { importIntoContainerd, startContainerd } from "./node_containerd.ts";
import { NODE_ADDRESS, NODE_NAME } from "./node_files.ts";
import { forwardApi, forwardProgram, isForward, startForward } from "./node_forward.ts";
import { ownGuests } from "./node_guests.ts";
import type { NodeCluster, NodeKind, NodeOptions, NodeState } from "./node_kind.ts";
import { configureKubelet, kubelet, kubeletAccess, kubeProxy, kubeRouter } from "./node_programs.ts";
import { nodeRuntime } from "./node_runtime.ts";
import { directory, inside, launch, networkNamespace, NODE, processes, startWorld, WORLD } from "./node_world.ts";
import { startApiServer } from "../start_api_server.ts";
import { until } from "../../process/until.ts";
import { untilNodeReady } from "../until_node_ready.ts";

const KUBECONFIG = join(directory, "kubeconfig");

export const ownNode: NodeKind = {
  start,
  remove,
  async revive(signal) {
    const ended = processes.names().some((program) => processes.pid(program) === undefined);
    return !ended && await apiServerReturns(KUBECONFIG, signal);
  },
  async setRestartBackoff(duration, signal) {
    await configureKubelet(duration);
    await restartProgram("kubelet", signal);
    using api = await apiServerOf(KUBECONFIG);
    if (api) await untilReady(api, signal);
  },
  loadImage: importIntoContainerd,
  forwards: (listen) => Promise.resolve(processes.names().includes(forwardProgram(listen))),
  async forward(listen, { clusterIP, port }, signal) {
    const { forward: binary } = await components(signal);
    await startForward(binary, forwardProgram(listen), listen, `${clusterIP}:${port}`, signal);
  },
  unforward: (listen) => processes.end(forwardProgram(listen)),
  guests: ownGuests,
};

/** What `ownNode` needs now. */
export async function ownNodeNeeds(): Promise<readonly RequiredTool[]> {
  const tools = ["linux", "root", "ip", "iptables", "ipset", "containerd"] as const;
  return [
    ...tools.map((tool) => ({ tool, purpose: "for a node on this machine" })),
    ...await componentsNeeds(),
    ...await kubeRouterNeeds(),
  ];
}

/**
 * Kills one of the node's processes, if it runs, and starts it again with the same command. Waits until the API server is
 * ready, if that is the process.
 */
export async function restartProgram(program: string, signal?: AbortSignal): Promise<void> {
  if (processes.names().length === 0) {
    throw new MissingError(
      `The node has no processes here: it is not up, or k3d runs it. \`${taskCommand("cluster status")}\` shows which.`,
    );
  }
  const before = processes.program(program);
  if (before === undefined || program === WORLD) {
    const others = processes.names().filter((name) => name !== WORLD);
    throw new MissingError(`Cannot restart ${program}. The node's processes are ${others.join(", ")}.`);
  }
  await processes.end(program);
  if (isForward(program)) await processes.start(before);
  else await processes.start(before, { prefix: inside() });
  if (program !== "kube-apiserver") return;
  await until("the API server is ready", () => apiServerAnswers(KUBECONFIG), { milliseconds: 60_000, signal });
}

async function start({ restartBackoff }: NodeOptions, signal?: AbortSignal): Promise<NodeCluster> {
  const runtime = await nodeRuntime(signal);
  const built = await components(signal);
  const router = await kubeRouterBinary(signal);
  return await step(`Starting cluster ${NODE}`, async () => {
    await Deno.mkdir(directory, { recursive: true });
    await writeState<NodeState>(NODE, { kind: "own", restartBackoff });
    const made = await certificates(["127.0.0.1", NODE_ADDRESS, API_SERVICE]);
    await writeCertificates(directory, made);
    const tls = { authority: made.authority, client: made.admin };
    const insideKubeconfig = join(directory, "inside.kubeconfig");
    const insideUrl = `https://${NODE_ADDRESS}:6443`;
    await Deno.writeTextFile(insideKubeconfig, kubeconfigText(NODE, insideUrl, tls), { mode: 0o600 });

    await startWorld(built, signal);
    const plane = {
      ...{ components: built.directory, directory, kubeconfig: insideKubeconfig },
      ...{ address: NODE_ADDRESS, port: 6443, bind: "0.0.0.0" },
    };
    const port = await forwardApi(built.forward, `${NODE_ADDRESS}:6443`, signal);
    const url = `https://127.0.0.1:${port}`;
    await Deno.writeTextFile(KUBECONFIG, kubeconfigText(NODE, url, tls), { mode: 0o600 });
    using api = new ApiServer(url, tls);
    await launch(etcd(plane));
    await Promise.all([
      startApiServer(processes, apiServer(plane, kubeletAccess()), api, { signal, prefix: inside() }),
      startContainerd(runtime, built.pause, signal),
    ]);
    for (const program of controllers(plane)) await launch(program);
    await launch(kubeProxy(built.directory, insideKubeconfig));
    await configureKubelet(restartBackoff);
    await launch(kubelet(built.directory, insideKubeconfig, runtime));
    await untilReady(api, signal);
    await launch(kubeRouter(router, insideKubeconfig, runtime));
    const cluster: NodeCluster = {
      kubeconfig: KUBECONFIG,
      insideKubeconfig,
      netns: networkNamespace(),
      bin: built.bin,
    };
    await writeState<NodeState>(NODE, { kind: "own", restartBackoff, cluster });
    return cluster;
  });
}

async function untilReady(api: ApiServer, signal?: AbortSignal): Promise<void> {
  const explain = () => processes.logTail("kubelet");
  await untilNodeReady(api, NODE_NAME, () => processes.requireAlive(), { milliseconds: 60_000, signal, explain });
}

async function remove(): Promise<void> {
  await processes.endAll();
  // The kernel removes all else of the containers when their processes end.
  const containers = await directories(join(directory, "lib/containerd/io.containerd.runtime.v2.task/k8s.io"));
  await removeCgroups(containers.map((path) => basename(path)));
  await unlessAbsent(Deno.remove(directory, { recursive: true }));
}
