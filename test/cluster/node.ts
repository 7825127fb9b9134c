/**
 * A real Kubernetes of one node: by k3d where Docker can pull, else from Go modules and Debian's packages, in a network of
 * its own on this machine. There is one per user.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { run } from "../../scripts/command.ts";
import { MissingError } from "../../scripts/missing.ts";
import { step } from "../../scripts/progress.ts";
import { unlessAbsent } from "../../scripts/unless_absent.ts";
import { ApiServer, apiServerAnswers, apiServerOf } from "./api_server.ts";
import { certificates } from "./certificates.ts";
import { directories, removeCgroups, weighPods } from "./cgroup.ts";
import { clusterDirectory } from "./cluster_directory.ts";
import { readState, writeState } from "./cluster_state.ts";
import { type ClusterStatus, clusterStatus } from "./cluster_status.ts";
import { type Components, components } from "./components.ts";
import { API_SERVICE, apiServer, controllers, etcd, writeCertificates } from "./control_plane.ts";
import { freePort } from "./free_port.ts";
import { referencesOf } from "./image_reference.ts";
import { createK3d, deleteK3d, forwardToK3d, k3dObtainable, loadIntoK3d } from "./k3d.ts";
import { kubeconfig as kubeconfigText } from "./kubeconfig.ts";
import { withLock } from "../../scripts/lock.ts";
import {
  cniConfiguration,
  containerdConfiguration,
  kubeletConfiguration,
  NODE_ADDRESS,
  NODE_NAME,
  NODE_WORLD,
  POD_NETWORK,
} from "./node_files.ts";
import { type NodeRuntime, nodeRuntime } from "./node_runtime.ts";
import { pauseImage } from "./pause_image.ts";
import { Processes, type Program } from "./processes.ts";
import { startApiServer } from "./start_api_server.ts";
import { until } from "./until.ts";
import { untilNodeReady } from "./until_node_ready.ts";

const name = "node";
const directory = clusterDirectory(name);
const processes = new Processes(directory);

/** Holds the node's namespaces. */
const WORLD = "world";
const API_FORWARD = "forward-api";

export interface NodeCluster {
  /** Path of a kubeconfig for this machine: its server is at 127.0.0.1. */
  readonly kubeconfig: string;
  /** Path of a kubeconfig for a process in the node's network namespace. */
  readonly insideKubeconfig: string;
  /** Path of the node's network namespace, in which pods and Services are reached; undefined with k3d. */
  readonly netns?: string | undefined;
  /** What a command needs on its PATH to find kubectl; undefined where it is there already. */
  readonly bin?: string | undefined;
}

interface State {
  readonly kind: "k3d" | "own";
  readonly restartBackoff?: string | undefined;
  /** Present once it is ready. */
  readonly cluster?: NodeCluster;
}

export interface NodeOptions {
  /** A Go duration, at least `1s`: the longest pause before the kubelet restarts a container; its own unless told. */
  readonly restartBackoff?: string | undefined;
}

/**
 * Starts the node, or finds the one that is up. An option that differs from how it was started starts the kubelet anew,
 * with k3d the node.
 * @throws MissingError where this machine lacks what a node needs
 */
export function up(signal?: AbortSignal, options: NodeOptions = {}): Promise<NodeCluster> {
  return withLock(`cluster-${name}`, signal, async () => {
    const state = await readState<State>(name);
    const { cluster, missing } = await status();
    const wanted = options.restartBackoff ?? state?.restartBackoff;
    const same = wanted === state?.restartBackoff;
    if (cluster && missing.length === 0) {
      if (same) return cluster;
      if (state?.kind === "own") {
        await setRestartBackoff(wanted, signal);
        await writeState<State>(name, { ...state, restartBackoff: wanted });
        return cluster;
      }
    }
    if (missing.length > 0) console.error(`Cluster ${name} lacks ${missing.join(", ")}: starting it anew.`);
    await remove();
    try {
      return await (await k3dObtainable(signal) ? startK3d : start)(options, signal);
    } catch (error) {
      await remove();
      throw error;
    }
  });
}

/** Takes the node down. Nothing of it is left. */
export function down(signal?: AbortSignal): Promise<void> {
  return withLock(`cluster-${name}`, signal, remove);
}

export function status(): Promise<ClusterStatus<NodeCluster>> {
  return clusterStatus(name);
}

/** Takes the images in a docker-archive file into the node, unless images of these references are there. */
export async function loadImage(archive: string, signal?: AbortSignal): Promise<void> {
  if ((await require()).kind === "k3d") return await loadIntoK3d(archive, signal);
  const there = new Set((await ctr(["images", "list", "--quiet"], signal)).split("\n"));
  const references = await referencesOf(archive, signal);
  if (references.length > 0 && references.every((reference) => there.has(reference))) return;
  await ctr(["images", "import", `--snapshotter=${await snapshotter()}`, archive], signal);
}

/**
 * Connects a port of this machine, such as `127.0.0.1:8080`, to an address in the node's network, such as
 * `10.96.12.34:80`, until `unforward` or `down`. The one that was there before for this port ends. With k3d it leads to the
 * Service of type LoadBalancer that has the target's port.
 * @throws MissingError where the port is taken
 */
export async function forward(listen: string, target: string, signal?: AbortSignal): Promise<void> {
  const { kind } = await require();
  if (kind === "k3d") return await forwardToK3d(listen, target.slice(target.lastIndexOf(":") + 1), signal);
  const { forward: binary } = await components(signal);
  await startForward(binary, `forward-${listen}`, listen, target, signal);
}

/** Ends what `forward` started for a port. */
export async function unforward(listen: string): Promise<void> {
  await processes.end(`forward-${listen}`);
}

/** The names of the node's processes, such as `kubelet`, for `pid` and `restart`; none with k3d. */
export function processNames(): readonly string[] {
  return processes.names();
}

/** The number of one of the node's processes, such as `kube-apiserver`; undefined where it does not run. */
export function pid(program: string): number | undefined {
  return processes.pid(program);
}

/**
 * Kills one of the node's processes, if it runs, and starts it anew as it was started before. Waits until it serves where
 * that is the API server.
 */
export async function restart(program: string, signal?: AbortSignal): Promise<void> {
  const before = processes.program(program);
  if (before === undefined || program === WORLD) {
    throw new Error(`Cannot restart ${program}: there are ${processes.names().join(", ")}`);
  }
  await processes.end(program);
  if (program.startsWith("forward-")) await processes.start(before);
  else await processes.start(before, { prefix: inside() });
  if (program !== "kube-apiserver") return;
  const { cluster } = await require();
  await until("the API server is ready", () => apiServerAnswers(cluster.kubeconfig), { milliseconds: 60_000, signal });
}

async function startK3d({ restartBackoff }: NodeOptions, signal?: AbortSignal): Promise<NodeCluster> {
  return await step(`Starting cluster ${name} by k3d`, async () => {
    await Deno.mkdir(directory, { recursive: true });
    await writeState<State>(name, { kind: "k3d", restartBackoff });
    const kubeconfig = await createK3d(name, restartBackoff, signal);
    const cluster: NodeCluster = { kubeconfig, insideKubeconfig: kubeconfig };
    await writeState<State>(name, { kind: "k3d", restartBackoff, cluster });
    return cluster;
  });
}

async function start({ restartBackoff }: NodeOptions, signal?: AbortSignal): Promise<NodeCluster> {
  const runtime = await nodeRuntime(signal);
  const built = await components(signal);
  return await step(`Starting cluster ${name}`, async () => {
    await Deno.mkdir(directory, { recursive: true });
    await writeState<State>(name, { kind: "own", restartBackoff });
    const made = await certificates(["127.0.0.1", NODE_ADDRESS, API_SERVICE]);
    await writeCertificates(directory, made);
    const tls = { authority: made.authority, client: made.admin };
    const kubeconfig = join(directory, "kubeconfig");
    const insideKubeconfig = join(directory, "inside.kubeconfig");
    const insideUrl = `https://${NODE_ADDRESS}:6443`;
    await Deno.writeTextFile(insideKubeconfig, kubeconfigText(name, insideUrl, tls), { mode: 0o600 });

    await startWorld(built, signal);
    const plane = {
      ...{ components: built.directory, directory, kubeconfig: insideKubeconfig },
      ...{ address: NODE_ADDRESS, port: 6443, bind: "0.0.0.0" },
    };
    const port = await forwardApi(built.forward, signal);
    const url = `https://127.0.0.1:${port}`;
    await Deno.writeTextFile(kubeconfig, kubeconfigText(name, url, tls), { mode: 0o600 });
    using api = new ApiServer(url, tls);
    await launch(etcd(plane));
    await Promise.all([
      startApiServer(processes, apiServer(plane, kubeletAccess()), api, { signal, prefix: inside() }),
      startContainerd(runtime, built.pause, signal),
    ]);
    for (const program of controllers(plane)) await launch(program);
    await launch(kubeProxy(built.directory, insideKubeconfig));
    await Deno.writeTextFile(join(directory, "kubelet.yaml"), kubelet(restartBackoff));
    await launch(kubeletProgram(built.directory, insideKubeconfig, runtime));
    await untilReady(api, signal);
    const cluster: NodeCluster = {
      kubeconfig,
      insideKubeconfig,
      netns: `/proc/${processes.pid(WORLD)}/ns/net`,
      bin: built.bin,
    };
    await writeState<State>(name, { kind: "own", restartBackoff, cluster });
    return cluster;
  });
}

/** Makes the namespaces that all else runs in. */
async function startWorld(built: Components, signal?: AbortSignal): Promise<void> {
  const command: Program["command"] = ["/bin/sh", "-euc", NODE_WORLD, "node-world", directory, built.pause];
  const prefix = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--propagation=private", "--"];
  await processes.start({ name: WORLD, command }, { prefix });
  await until("the node's namespaces are there", async () => {
    await processes.requireAlive();
    return existsSync(join(directory, "world"));
  }, { milliseconds: 10_000, signal, explain: () => processes.logTail(WORLD) });
}

/** What makes a command run in the node's world. */
function inside(): readonly string[] {
  const world = processes.pid(WORLD);
  if (world === undefined) throw new Error("The node is not up.");
  return ["nsenter", `--target=${world}`, "--net", "--mount", "--pid", "--"];
}

async function launch(program: Program): Promise<void> {
  await processes.start(program, { prefix: inside() });
}

/** The API server's way to the kubelet, for logs and exec. */
function kubeletAccess(): readonly string[] {
  return [
    "--kubelet-preferred-address-types=InternalIP",
    `--kubelet-client-certificate=${join(directory, "pki/admin.crt")}`,
    `--kubelet-client-key=${join(directory, "pki/admin.key")}`,
  ];
}

async function startContainerd(runtime: NodeRuntime, pause: string, signal?: AbortSignal): Promise<void> {
  await weighPods(navigator.hardwareConcurrency);
  const write = async (path: string, text: string) => {
    await Deno.mkdir(join(directory, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(directory, path), text);
  };
  const { plugins } = runtime;
  await write("containerd.toml", containerdConfiguration({ directory, plugins, snapshotter: await snapshotter() }));
  await write("cni/10-pods.conflist", cniConfiguration());
  await launch({
    name: "containerd",
    command: ["containerd", `--config=${join(directory, "containerd.toml")}`],
    env: { PATH: runtime.path },
  });
  await until("containerd answers", async () => {
    await processes.requireAlive();
    return existsSync(containerdSocket());
  }, { milliseconds: 20_000, signal, explain: () => processes.logTail("containerd") });
  await ctr(["images", "import", `--snapshotter=${await snapshotter()}`, await pauseImage(pause, directory)], signal);
}

/** As it is seen from outside the node's world. */
function containerdSocket(): string {
  return `/proc/${processes.pid(WORLD)}/root/run/containerd/containerd.sock`;
}

async function ctr(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const { path } = await nodeRuntime(signal);
  const command = ["ctr", `--address=${containerdSocket()}`, "--namespace=k8s.io", ...args];
  return await run("env", [`PATH=${path}`, ...command], { signal });
}

/** An overlay cannot lie on another, as in a container. */
async function snapshotter(): Promise<"overlayfs" | "native"> {
  const type = (await run("stat", ["--file-system", "--format=%T", directory])).trim();
  return type === "overlayfs" ? "native" : "overlayfs";
}

function kubeProxy(binaries: string, kubeconfig: string): Program {
  return {
    name: "kube-proxy",
    command: [
      join(binaries, "kube-proxy"),
      ...[`--kubeconfig=${kubeconfig}`, `--cluster-cidr=${POD_NETWORK}`, `--hostname-override=${NODE_NAME}`],
      "--proxy-mode=iptables",
      // These are the whole machine's: leave them.
      ...["--conntrack-max-per-core=0", "--conntrack-min=0"],
      ...["--conntrack-tcp-timeout-established=0s", "--conntrack-tcp-timeout-close-wait=0s"],
    ],
  };
}

function kubelet(restartBackoff: string | undefined): string {
  return kubeletConfiguration({ directory, restartBackoff });
}

function kubeletProgram(binaries: string, kubeconfig: string, { path }: NodeRuntime): Program {
  return {
    name: "kubelet",
    command: [
      join(binaries, "kubelet"),
      ...[`--config=${join(directory, "kubelet.yaml")}`, `--kubeconfig=${kubeconfig}`],
      ...[`--hostname-override=${NODE_NAME}`, `--node-ip=${NODE_ADDRESS}`],
    ],
    env: { PATH: path },
  };
}

async function setRestartBackoff(restartBackoff: string | undefined, signal?: AbortSignal): Promise<void> {
  await Deno.writeTextFile(join(directory, "kubelet.yaml"), kubelet(restartBackoff));
  await restart("kubelet", signal);
  using api = await apiServerOf(join(directory, "kubeconfig"));
  if (api) await untilReady(api, signal);
}

async function untilReady(api: ApiServer, signal?: AbortSignal): Promise<void> {
  const explain = () => processes.logTail("kubelet");
  await untilNodeReady(api, NODE_NAME, () => processes.requireAlive(), { milliseconds: 60_000, signal, explain });
}

/** Makes the API server reachable at a port of this machine, and answers that. */
async function forwardApi(binary: string, signal?: AbortSignal): Promise<number> {
  for (let attempt = 1;; attempt++) {
    const port = freePort();
    try {
      await startForward(binary, API_FORWARD, `127.0.0.1:${port}`, `${NODE_ADDRESS}:6443`, signal);
      return port;
    } catch (error) {
      if (attempt === 3 || !/address already in use/.test((error as Error).message)) throw error;
    }
  }
}

async function startForward(
  binary: string,
  program: string,
  listen: string,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const command: Program["command"] = [binary, listen, target, `/proc/${processes.pid(WORLD)}/ns/net`];
  const same = JSON.stringify(processes.program(program)?.command) === JSON.stringify(command);
  if (same && processes.pid(program) !== undefined) return;
  await processes.end(program);
  await Deno.remove(processes.logFile(program)).catch(() => {});
  await processes.start({ name: program, command });
  try {
    await until(`${listen} is forwarded`, async () => {
      const log = await processes.logTail(program);
      if (log.includes(" from ")) return true;
      if (processes.pid(program) === undefined) throw new MissingError(`Cannot forward ${listen}: ${log}`);
      return false;
    }, { milliseconds: 5_000, signal });
  } catch (error) {
    await processes.end(program);
    throw error;
  }
}

async function require(): Promise<Required<Pick<State, "kind" | "cluster">>> {
  const state = await readState<State>(name);
  if (!state?.cluster) throw new Error("The node is not up.");
  return { kind: state.kind, cluster: state.cluster };
}

async function remove(): Promise<void> {
  if ((await readState<State>(name))?.kind === "k3d") await deleteK3d();
  await processes.endAll();
  // The kernel forgets all else that containers had with their processes.
  const containers = await directories(join(directory, "lib/containerd/io.containerd.runtime.v2.task/k8s.io"));
  await removeCgroups(containers.map((path) => basename(path)));
  await unlessAbsent(Deno.remove(directory, { recursive: true }));
}
