/** Starts and stops a Kubernetes control plane in which kwok simulates nodes and pods. Nothing runs in the pods. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { succeeds } from "../../process/command.ts";
import type { Needs } from "../../needs/needs.ts";
import { step } from "../../process/step.ts";
import { unlessAbsent } from "../../process/unless_absent.ts";
import { ApiServer } from "../api_server.ts";
import { certificates } from "../certificates.ts";
import { clusterDirectory, clusterNames } from "../cluster_directory.ts";
import { readState, writeState } from "../cluster_state.ts";
import { type ClusterStatus, clusterStatus } from "../cluster_status.ts";
import { components, componentsNeeds } from "../components.ts";
import { API_SERVICE, apiServer, controllers, etcd, writeCertificates } from "../control_plane.ts";
import { type DockerImage, dockerImage } from "../../docker/docker_client.ts";
import { freePort } from "../../process/free_port.ts";
import { identify, isAlive, type ProcessIdentity } from "../processes/process_identity.ts";
import { kubeconfig as kubeconfigText } from "../kubeconfig.ts";
import { kwokConfiguration, kwokctlConfiguration } from "./kwok_configuration.ts";
import {
  administrator,
  type Container,
  containerLog,
  KWOK_IMAGE,
  removeContainer,
  startContainer,
} from "./kwok_container.ts";
import { forgetLock, withLock } from "../../cache/lock.ts";
import { Processes } from "../processes/processes.ts";
import { startApiServer } from "../start_api_server.ts";
import { until } from "../../process/until.ts";
import { untilNodeReady } from "../until_node_ready.ts";

export interface KwokCluster {
  readonly name: string;
  /** A path. */
  readonly kubeconfig: string;
  /** A directory with kubectl, for a command's PATH; undefined if kubectl is on PATH already. */
  readonly bin?: string | undefined;
}

export interface KwokOptions {
  /** Default: `kwok`. Clusters of several names can run at the same time. */
  readonly name?: string;
  /** Whether it ends with this process. If this process is killed, the next command that finds it stops it. */
  readonly owned?: boolean;
  /** `binaries`: processes of this machine, also where Docker has the image. Default: whichever there is. */
  readonly source?: "any" | "binaries";
}

/** What `cluster.json` below a cluster's directory says. */
interface State {
  readonly owner?: ProcessIdentity | undefined;
  readonly container?: Container;
  /** Present once it is ready. */
  readonly cluster?: KwokCluster;
}

/** Starts a cluster, or finds the one that is up. */
export function startKwok(
  signal?: AbortSignal,
  { name = "kwok", owned = false, source = "any" }: KwokOptions = {},
): Promise<KwokCluster> {
  return withLock(`cluster-${name}`, signal, async () => {
    const { cluster, missing } = await kwokStatus(name);
    if (cluster && missing.length === 0) return cluster;
    if (missing.length > 0) console.error(`Cluster ${name} lacks ${missing.join(", ")}: starting it again.`);
    await remove(name);
    const owner = owned ? identify(Deno.pid) : undefined;
    try {
      if (source === "binaries") return await fromBinaries(name, owner, signal);
      const found = await dockerImage(KWOK_IMAGE, signal);
      console.error(`Kubernetes for the tests: ${describeSource(found)}`);
      if ("lacking" in found) return await fromBinaries(name, owner, signal);
      return await inContainer(name, owner, found.daemon, signal);
    } catch (error) {
      await remove(name);
      throw error;
    }
  });
}

/** What `up` needs now. */
export async function kwokNeeds(signal?: AbortSignal): Promise<Needs> {
  const { cluster, missing } = await kwokStatus();
  if (cluster && missing.length === 0) return { needs: [] };
  const found = await dockerImage(KWOK_IMAGE, signal);
  if ("lacking" in found) {
    const hint = `A container would need less, but ${found.lacking}.`;
    return { needs: await componentsNeeds(), hint };
  }
  return await succeeds("kubectl", ["version", "--client"], { signal })
    ? { needs: [] }
    : { needs: await componentsNeeds() };
}

/** Where Kubernetes comes from, and why. */
export function describeSource(found: DockerImage): string {
  if ("lacking" in found) return `from binaries: ${found.lacking}`;
  return `a container of ${KWOK_IMAGE} (Docker at ${found.daemon})`;
}

/**
 * Stops a cluster and removes all of it. Answers whether there was anything of it. With `kwok`, also stops clusters whose
 * owner has ended.
 */
export async function stopKwok(name = "kwok"): Promise<boolean> {
  const found = await withLock(`cluster-${name}`, undefined, () => remove(name));
  if (name === "kwok") await stopOrphans();
  else await forgetLock(`cluster-${name}`);
  return found;
}

/** Stops clusters whose owner has ended without stopping them. */
export async function stopOrphans(): Promise<void> {
  for (const name of await clusterNames()) {
    const owner = (await readState<State>(name))?.owner;
    if (owner && !isAlive(owner)) await stopKwok(name);
  }
}

export function kwokStatus(name = "kwok"): Promise<ClusterStatus<KwokCluster>> {
  return clusterStatus(name);
}

async function fromBinaries(
  name: string,
  owner: ProcessIdentity | undefined,
  signal?: AbortSignal,
): Promise<KwokCluster> {
  const built = await components(signal);
  return await step(`Starting cluster ${name}`, async () => {
    const directory = clusterDirectory(name);
    await Deno.mkdir(directory, { recursive: true });
    await writeState<State>(name, { owner });
    const made = await certificates(["127.0.0.1", API_SERVICE]);
    await writeCertificates(directory, made);
    const tls = { authority: made.authority, client: made.admin };
    const kubeconfig = join(directory, "kubeconfig");
    const plane = (port: number) => ({
      ...{ components: built.directory, directory, kubeconfig, port },
      ...{ address: "127.0.0.1", bind: "127.0.0.1" },
    });
    const processes = new Processes(directory);
    await processes.start(etcd(plane(0)));
    for (let attempt = 1;; attempt++) {
      const port = freePort();
      const url = `https://127.0.0.1:${port}`;
      await Deno.writeTextFile(kubeconfig, kubeconfigText(name, url, tls), { mode: 0o600 });
      using api = new ApiServer(url, tls);
      try {
        // The Service `kubernetes` cannot have its address: that is a loopback address.
        const program = apiServer(plane(port), ["--endpoint-reconciler-type=none"]);
        await startApiServer(processes, program, api, { signal });
      } catch (error) {
        if (attempt < 3 && /address already in use/.test((error as Error).message)) continue;
        throw error;
      }
      for (const program of controllers(plane(port))) await processes.start(program);
      await Deno.writeTextFile(join(directory, "kwok.yaml"), kwokConfiguration());
      await processes.start({
        name: "kwok",
        command: [
          join(built.directory, "kwok"),
          ...[`--config=${join(directory, "kwok.yaml")}`, `--kubeconfig=${kubeconfig}`],
          ...["--manage-all-nodes=true", "--cidr=10.0.0.1/8"],
        ],
        // By default kwok reads and writes below the home directory.
        env: { KWOK_WORKDIR: join(directory, "kwok") },
      });
      await addNode(api, signal, () => processes.requireAlive());
      const cluster: KwokCluster = { name, kubeconfig, bin: built.bin };
      await writeState<State>(name, { owner, cluster });
      return cluster;
    }
  });
}

async function inContainer(
  name: string,
  owner: ProcessIdentity | undefined,
  daemon: string,
  signal?: AbortSignal,
): Promise<KwokCluster> {
  return await step(`Starting cluster ${name} in a container`, async () => {
    const directory = clusterDirectory(name);
    await Deno.mkdir(directory, { recursive: true });
    await writeState<State>(name, { owner });
    const { id, url } = await startContainer(kwokctlConfiguration(), daemon);
    const container = { id, daemon };
    await writeState<State>(name, { owner, container });
    signal?.throwIfAborted();
    const patience = {
      ...{ milliseconds: 60_000, signal },
      explain: async () =>
        `Set DOCKER_HOST=unix:///nonexistent to do without Docker.\n${await containerLog(container)}`,
    };
    let tls: Awaited<ReturnType<typeof administrator>>;
    const hasKeys = async () => (tls = await administrator(container)) !== undefined;
    await until("the container has an administrator's certificate", hasKeys, patience);
    const kubeconfig = join(directory, "kubeconfig");
    await Deno.writeTextFile(kubeconfig, kubeconfigText(name, url, tls!), { mode: 0o600 });
    using api = new ApiServer(url, tls!);
    await until(`the container's API server answers at ${url}`, () => api.ready(), patience);
    await addNode(api, signal, () => Promise.resolve());
    const bin = await succeeds("kubectl", ["version", "--client"], { signal })
      ? undefined
      : (await components(signal)).bin;
    const cluster: KwokCluster = { name, kubeconfig, bin };
    await writeState<State>(name, { owner, container, cluster });
    return cluster;
  });
}

/** Adds a node with room for any number of pods, and waits until pods can be created. */
async function addNode(api: ApiServer, signal: AbortSignal | undefined, check: () => Promise<void>): Promise<void> {
  await api.create("/api/v1/nodes", { metadata: { name: "kwok", labels: { "kubernetes.io/hostname": "kwok" } } });
  await untilNodeReady(api, "kwok", check, { milliseconds: 30_000, signal });
}

/** Answers whether there was anything of it. */
async function remove(name: string): Promise<boolean> {
  const directory = clusterDirectory(name);
  if (!existsSync(directory)) return false;
  const container = (await readState<State>(name))?.container;
  if (container) await removeContainer(container);
  await new Processes(directory).endAll();
  await unlessAbsent(Deno.remove(directory, { recursive: true }));
  return true;
}
