import { systemTime } from "../../async/time.ts";
import { Kubernetes } from "../../kubernetes/kubernetes.ts";
import { writeTemplates } from "../../kubernetes/testing/config_map.ts";
import type { Namespace } from "../../kubernetes/testing/namespace.ts";
import { podsOf, type StoredPod, storeJob } from "../../kubernetes/testing/pool.ts";
import { eventually } from "../../testing/eventually.ts";
import type { PodWrites } from "../../kubernetes/write/pod_writes.ts";
import { WatchedPools } from "../../kubernetes/watched_pools.ts";
import { WarmPools } from "../../pool/warm_pools.ts";
import { derive } from "../../view/derive.ts";
import { POOL_LABEL } from "../../view/labels.ts";
import { poolJobAt, poolOf } from "../../view/pool_job.ts";
import { readTemplate } from "../../view/template.ts";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { startOf } from "../../view/start.ts";
import type { ViewState } from "../../view/state.ts";
import { Launcher, type LaunchOutcome } from "../launcher.ts";
import { Placeholders } from "../placeholders.ts";
import { PodlessJobs } from "../podless_jobs.ts";
import type { ClaimOutcome } from "../warm_starts.ts";

const template = (image: string) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  spec: {
    template: {
      metadata: { annotations: { "view.yolean.se/warm": "5", "view.yolean.se/assign": "/_gate/assign" } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: "view", image, ports: [{ name: "http", containerPort: 8080 }] }],
      },
    },
  },
});

const TEMPLATE = JSON.stringify(template("example.test/view:1"));

/** Writes another version of the template. */
export async function changeTemplate(namespace: Namespace): Promise<void> {
  await writeTemplates(namespace, { default: JSON.stringify(template("example.test/view:2")) });
}

/** The pool of the gateways' template. */
function warmPool() {
  const read = readTemplate(TEMPLATE, "default");
  const pool = "template" in read ? poolOf("default", read.template, { required: {} }) : undefined;
  if (pool === undefined) throw new Error("The template has no pool.");
  return pool;
}

/** Creates the gateways' template and its pool, and returns the name of the pool's Job once its pods are ready. */
export async function warmNamespace(namespace: Namespace, size: number): Promise<string> {
  await writeTemplates(namespace, { default: TEMPLATE });
  const job = poolJobAt(warmPool(), Date.now());
  await storeJob(namespace, { ...job, spec: { ...job.spec!, parallelism: size } });
  await eventually(
    "the pool's pods are ready",
    async () => (await podsOfPool(namespace)).filter(isReady).length === size,
  );
  return job.metadata?.name ?? "";
}

/** The pods that are in the pool. */
export function podsOfPool(namespace: Namespace): Promise<readonly StoredPod[]> {
  return podsOf(namespace, POOL_LABEL);
}

const isReady = ({ status }: StoredPod) =>
  status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");

/** Creates the Services of views, and returns their names. */
export async function createViews(namespace: Namespace, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, number) => `view-${number}`);
  await Promise.all(names.map((name) => {
    const labels = { "view.yolean.se/name": name };
    const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
    return namespace.createService(name, { metadata: { name, labels, annotations } });
  }));
  return names;
}

type ChangedWrites = (gateway: WarmGateway) => Partial<Pick<PodWrites, "claim" | "release">>;

/** A gateway's watches, pools and launches, without Envoy and without assignments. */
export class WarmGateway implements AsyncDisposable {
  readonly kubernetes: Kubernetes<ViewState>;
  readonly watched: WatchedPools;
  readonly claims: ClaimOutcome["kind"][] = [];
  readonly releases: string[] = [];
  /** The views whose Jobs it has replaced because they got no pod. */
  readonly replaced: string[] = [];
  readonly faults: unknown[] = [];
  readonly #launcher: Launcher;
  readonly #placeholders: Placeholders;
  readonly #podless: PodlessJobs;
  readonly #awaited = new Set<string>();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  private constructor(
    namespace: Namespace,
    change: ChangedWrites,
  ) {
    const kubernetes = new Kubernetes<ViewState>({
      namespace: namespace.name,
      selector: "view.yolean.se/name",
      bounds: leaseBounds,
      templates: { configMap: "view-gateway-templates", defaultName: "default" },
      derive: (objects, previous, templates) => derive(objects, previous, (view) => startOf(view, templates, {})),
      onProblem: (message, error) => this.faults.push(`${message} ${error ?? ""}`),
      load: namespace.load,
      time: systemTime,
    });
    const { views, jobs, pods: writes } = kubernetes;
    this.kubernetes = kubernetes;
    const { transport, prober } = kubernetes;
    this.watched = new WatchedPools({
      ...{ transport, prober, required: {}, time: systemTime, namespace: namespace.name },
      onChange: () => pools.changed(),
      onProblem: (message, error) => this.faults.push(`${message} ${error ?? ""}`),
    });
    const { label } = warmPool();
    const pools = new WarmPools({ objects: () => this.watched.objects, labelOf: () => label, ...systemTime });
    const pods = {
      claim: (...[claim, signal]: Parameters<PodWrites["claim"]>) => writes.claim(claim, signal),
      release: (...[pod, signal]: Parameters<PodWrites["release"]>) => writes.release(pod, signal),
      ...change(this),
    };
    this.#launcher = new Launcher({
      ...{ views, jobs, required: {}, ...systemTime },
      pods,
      pools,
      onClaim: (_view, { kind }) => this.claims.push(kind),
      start: (view) => startOf(view, kubernetes.templates, {}),
      credentials: { ensure: () => Promise.resolve({ kind: "not needed" }) },
      limits: { launches: 100, running: 100 },
      running: () => 0,
      terms: () => ({ idle: 900, lifetime: 3_600 }),
      timeout: 20_000,
      signal: this.#stop.signal,
      onOutcome: () => {},
      onFault: (_view, error) => this.faults.push(error),
    });
    this.#placeholders = new Placeholders({
      view: (name) => views.get(name),
      isAwaited: (name) => this.#awaited.has(name),
      pods,
      onRelease: (view) => this.releases.push(view),
      onFault: (_view, error) => this.faults.push(error),
      ...systemTime,
    });
    this.#podless = new PodlessJobs({
      view: (name) => views.get(name),
      isAwaited: (name) => this.#awaited.has(name),
      launch: (view) => this.#launcher.launch(view),
      onPodless: (view) => this.replaced.push(view),
      onFault: (_view, error) => this.faults.push(error),
      ...systemTime,
    });
    views.subscribe((name) => this.#update(name));
    this.#running = Promise.all([kubernetes.run(this.#stop.signal), this.watched.run(this.#stop.signal)]);
  }

  /** @param change replaces writes of its launcher */
  static async start(
    namespace: Namespace,
    change: ChangedWrites = () => ({}),
  ): Promise<WarmGateway> {
    const gateway = new WarmGateway(namespace, change);
    const { kubernetes: { views }, watched } = gateway;
    await eventually("all views and pools are known", () => Promise.resolve(views.synced && watched.synced));
    return gateway;
  }

  /** Somebody waits for the view here. */
  await(name: string): void {
    this.#awaited.add(name);
    this.#update(name);
  }

  #update(name: string): void {
    this.#placeholders.update(name);
    this.#podless.update(name);
  }

  async launch(name: string): Promise<LaunchOutcome> {
    await eventually(`view ${name} is known`, () => Promise.resolve(this.kubernetes.views.get(name) !== undefined));
    this.await(name);
    return await this.#launcher.launch(this.kubernetes.views.get(name)!);
  }

  /** Ends as a killed process does: nothing more is written. */
  kill(): void {
    this.#stop.abort(new Error("killed"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#placeholders.stop();
    await this.#podless.stop();
    await this.#running;
    this.kubernetes.transport.close();
  }
}

/** The pods of a view that are not placeholders, and those that are. */
export async function podsOfView(namespace: Namespace, name: string) {
  const pods = await podsOf(namespace, `view.yolean.se/name=${name}`);
  const isGated = ({ spec }: StoredPod) => (spec?.schedulingGates?.length ?? 0) > 0;
  const isClaimed = ({ metadata }: StoredPod) => metadata.annotations?.["view.yolean.se/claimed-from"] !== undefined;
  return {
    gated: pods.filter(isGated),
    started: pods.filter((pod) => !isGated(pod) && pod.metadata.deletionTimestamp === undefined),
    claimed: pods.filter(isClaimed),
  };
}
