import type { V1Job, V1Pod, V1Service } from "@kubernetes/client-node";
import { Transport } from "../../../sidecar/kubernetes/transport.ts";
import { jobOf } from "../../../sidecar/view/job.ts";
import { serviceOf } from "../../../sidecar/view/service.ts";
import { inParallel } from "./in_parallel.ts";
import { configIn } from "./sleeping_views.ts";

export interface AwakeViewsOptions {
  readonly kubeconfig: string;
  readonly namespace: string;
  /** Where all pods answer. */
  readonly address: string;
  readonly port: number;
  /** The lease of each view, in seconds. */
  readonly lease: number;
  readonly signal: AbortSignal;
}

/**
 * Views that are awake without Kubernetes' controllers: their objects are written as the controllers would. So a namespace
 * with thousands of them is there in minutes.
 */
export class AwakeViews implements Disposable {
  readonly #options: AwakeViewsOptions;
  readonly #transport: Transport;

  constructor(options: AwakeViewsOptions) {
    this.#options = options;
    this.#transport = new Transport(() => configIn(options.kubeconfig));
  }

  /** Writes views `view-0` to the one before `count`. */
  async write(count: number): Promise<void> {
    await inParallel(count, (i) => this.#write(`view-${i}`));
  }

  async #write(name: string): Promise<void> {
    const { lease } = this.#options;
    const spec = { subsets: [] };
    const service = await this.#create<V1Service>(
      "/api/v1",
      "services",
      serviceOf({ name, spec, owner: undefined }, {}),
    );
    const launch = {
      name,
      serviceUid: service.metadata!.uid!,
      spec,
      required: {},
      terms: { idle: lease, lifetime: lease },
    };
    const job = await this.#create<V1Job>("/apis/batch/v1", "jobs", jobOf(this.#template(), launch));
    const now = new Date().toISOString().replace(/\.[0-9]+Z$/, "Z");
    await this.#status("/apis/batch/v1", "jobs", name, { startTime: now, active: 1, ready: 1 });
    const pod = `${name}-pod`;
    await this.#create<V1Pod>("/api/v1", "pods", podOf(job, pod));
    await this.#status("/api/v1", "pods", pod, this.#podStatus(now));
  }

  #template(): V1Job {
    const ports = [{ name: "http", containerPort: this.#options.port }];
    return { spec: { template: { spec: { containers: [{ name: "view", image: "example.test/view:1", ports }] } } } };
  }

  #podStatus(now: string): object {
    const { address } = this.#options;
    const condition = (type: string) => ({ type, status: "True", lastTransitionTime: now });
    return {
      phase: "Running",
      conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map(condition),
      ...{ podIP: address, podIPs: [{ ip: address }], startTime: now },
      containerStatuses: [{
        ...{ name: "view", image: "example.test/view:1", imageID: "", ready: true, started: true, restartCount: 0 },
        state: { running: { startedAt: now } },
      }],
    };
  }

  #create<T>(api: string, plural: string, object: object): Promise<T> {
    return this.#call("POST", `${api}/namespaces/${this.#options.namespace}/${plural}`, object, "application/json");
  }

  async #status(api: string, plural: string, name: string, status: object): Promise<void> {
    const path = `${api}/namespaces/${this.#options.namespace}/${plural}/${name}/status`;
    await this.#call("PATCH", path, { status }, "application/merge-patch+json");
  }

  async #call<T>(method: string, path: string, body: object, type: string): Promise<T> {
    const call = { method, path, headers: { "content-type": type }, body: JSON.stringify(body), limit: 60_000 };
    return JSON.parse((await this.#transport.call(call, this.#options.signal)).text);
  }

  [Symbol.dispose](): void {
    this.#transport.close();
  }
}

/** The pod that the Job controller creates. */
function podOf(job: V1Job, name: string): V1Pod {
  const { metadata, spec } = job.spec!.template;
  const owner = { apiVersion: "batch/v1", kind: "Job", name: job.metadata!.name!, uid: job.metadata!.uid! };
  return {
    metadata: { ...metadata, name, ownerReferences: [{ ...owner, controller: true }] },
    spec: { ...spec!, nodeName: "kwok" },
  };
}
