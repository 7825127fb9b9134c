import { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as pause } from "node:timers/promises";
import { defaultTemplate } from "../../../scripts/deploy/kustomize.ts";
import { Transport } from "../../../sidecar/kubernetes/transport.ts";

/** How many calls run at the same time. */
const AT_A_TIME = 32;

/** A namespace of a test cluster with views that nobody requests. */
export class SleepingViews implements Disposable {
  readonly namespace = "bench";
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  #count = 0;

  private constructor(kubeconfig: string, signal: AbortSignal) {
    this.#transport = new Transport(() => {
      const config = new KubeConfig();
      config.loadFromFile(kubeconfig);
      return config;
    });
    this.#signal = signal;
  }

  static async in(kubeconfig: string, signal: AbortSignal): Promise<SleepingViews> {
    const views = new SleepingViews(kubeconfig, signal);
    await views.#call("POST", "/api/v1/namespaces", { metadata: { name: views.namespace } });
    await views.#call("POST", `/api/v1/namespaces/${views.namespace}/configmaps`, {
      metadata: { name: "view-gateway-templates" },
      data: { "default.yaml": await defaultTemplate() },
    });
    return views;
  }

  /** Creates views up to a count, and waits until Kubernetes has done its own work for them, which are their EndpointSlices. */
  async grow(count: number): Promise<void> {
    const first = this.#count;
    this.#count = count;
    await this.#inParallel(count - first, (i) => this.create(`view-${first + i}`));
    while (await this.#slices() < count) await pause(200, undefined, { signal: this.#signal });
  }

  async create(name: string): Promise<void> {
    await this.#call("POST", `/api/v1/namespaces/${this.namespace}/services`, {
      metadata: {
        name,
        labels: { "view.yolean.se/name": name, "app.kubernetes.io/managed-by": "view-gateway" },
        annotations: { "view.yolean.se/spec": spec(0) },
      },
      spec: {
        clusterIP: "None",
        publishNotReadyAddresses: true,
        selector: { "view.yolean.se/name": name },
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    });
  }

  async delete(name: string): Promise<void> {
    await this.#call("DELETE", `/api/v1/namespaces/${this.namespace}/services/${name}`);
  }

  /** Changes the specs of a number of views. Each change is one event for a watch. */
  async change(count: number, version: number): Promise<void> {
    await this.#inParallel(count, (i) => {
      const patch = { metadata: { annotations: { "view.yolean.se/spec": spec(version) } } };
      return this.#call("PATCH", `/api/v1/namespaces/${this.namespace}/services/view-${i}`, patch);
    });
  }

  async #slices(): Promise<number> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices?limit=1`;
    const { items, metadata } = JSON.parse(await this.#call("GET", path));
    return items.length + (metadata.remainingItemCount ?? 0);
  }

  async #inParallel(count: number, make: (i: number) => Promise<unknown>): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < count) await make(next++);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  }

  async #call(method: string, path: string, body?: object): Promise<string> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const call = { method, path, headers: { "content-type": type }, body: body && JSON.stringify(body), limit: 60_000 };
    return (await this.#transport.call(call, this.#signal)).text;
  }

  [Symbol.dispose](): void {
    this.#transport.close();
  }
}

function spec(version: number): string {
  return JSON.stringify({ subsets: [{ bucket: "lake", prefix: `sales/${version}/`, access: "read" }] });
}
