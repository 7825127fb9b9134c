import { KubeConfig } from "@kubernetes/client-node";
import { setTimeout as pause } from "node:timers/promises";
import { defaultTemplate } from "../../../scripts/deploy/kustomize.ts";
import { step } from "../../../scripts/process/step.ts";
import { Transport } from "../../../sidecar/kubernetes/transport.ts";
import { inParallel } from "./in_parallel.ts";

/** Views that are created before their EndpointSlices are waited for. */
const STEP = 2_500;

/** Milliseconds without another EndpointSlice after which Kubernetes is no longer waited for. */
const STALLED = 120_000;

/** A namespace of a test cluster with views that nobody requests. */
export class SleepingViews implements Disposable {
  readonly namespace: string;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  #count = 0;

  private constructor(kubeconfig: string, namespace: string, signal: AbortSignal) {
    this.namespace = namespace;
    this.#transport = new Transport(() => configIn(kubeconfig));
    this.#signal = signal;
  }

  static async in(kubeconfig: string, signal: AbortSignal, namespace = "bench"): Promise<SleepingViews> {
    const views = new SleepingViews(kubeconfig, namespace, signal);
    await views.#call("POST", "/api/v1/namespaces", { metadata: { name: views.namespace } });
    await views.#call("POST", `/api/v1/namespaces/${views.namespace}/configmaps`, {
      metadata: { name: "view-gateway-templates" },
      data: { "default.yaml": await defaultTemplate() },
    });
    return views;
  }

  /**
   * Creates views up to a count, and waits until Kubernetes has done its own work for them, which are their EndpointSlices.
   * Tells of its progress.
   * @throws Error if Kubernetes does no more of its work
   */
  async grow(count: number): Promise<void> {
    for (let first = this.#count; first < count; first = this.#count) {
      const last = Math.min(count, first + STEP);
      const what = `${this.namespace}: Services ${first} to ${last}`;
      await step(what, async () => {
        await inParallel(last - first, (i) => this.create(`view-${first + i}`));
        await this.#untilSlices(last);
      });
      this.#count = last;
    }
  }

  /** Creates views up to a count where no controller runs, so that there are no EndpointSlices. */
  async growAlone(count: number): Promise<void> {
    await inParallel(count - this.#count, (i) => this.create(`view-${this.#count + i}`));
    this.#count = count;
  }

  async #untilSlices(count: number): Promise<void> {
    let [had, since] = [0, performance.now()];
    for (let slices = await this.#slices(); slices < count; slices = await this.#slices()) {
      if (slices > had) [had, since] = [slices, performance.now()];
      if (performance.now() - since > STALLED) {
        const seconds = STALLED / 1000;
        throw new Error(`Kubernetes has written no EndpointSlice for ${seconds} s: ${slices} of ${count} are there.`);
      }
      await pause(200, undefined, { signal: this.#signal });
    }
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
    await inParallel(count, (i) => this.#annotate(`view-${i}`, { "view.yolean.se/spec": spec(version) }));
  }

  /** Changes something that is no view, so that Kubernetes has a newer version than watches of views know. */
  async changeOther(version: number): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}/configmaps/view-gateway-templates`;
    await this.#call("PATCH", path, { metadata: { annotations: { version: String(version) } } });
  }

  /** Changes the specs of so many views in a second, one after the other, for some seconds. Answers how many. */
  async changeSteadily(perSecond: number, seconds: number, version: number): Promise<number> {
    const count = perSecond * seconds;
    const began = performance.now();
    const sent: Promise<void>[] = [];
    for (let i = 0; i < count; i++) {
      await pause(Math.max(0, began + i * 1000 / perSecond - performance.now()), undefined, { signal: this.#signal });
      sent.push(this.#annotate(`view-${i}`, { "view.yolean.se/spec": spec(version) }));
    }
    await Promise.all(sent);
    return count;
  }

  /** Resolves when the namespace has the service account that pods need. */
  async hasServiceAccount(): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}/serviceaccounts`;
    while (JSON.parse(await this.#call("GET", path)).items.length === 0) {
      await pause(100, undefined, { signal: this.#signal });
    }
  }

  /** Lets views start where there is no lake. */
  async takeSubsets(names: readonly string[]): Promise<void> {
    const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
    await inParallel(names.length, (i) => this.#annotate(names[i]!, annotations));
  }

  /** Gives the first views an owner. */
  async give(count: number, owner: string): Promise<void> {
    await inParallel(count, (i) => this.#annotate(`view-${i}`, { "view.yolean.se/owner": owner }));
  }

  /** A service account's token for the gateway. It may list views where `lists`. */
  async account(name: string, lists: boolean): Promise<{ readonly user: string; readonly token: string }> {
    const { namespace } = this;
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    await this.#call("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
    if (lists) {
      const rules = [{ apiGroups: [""], resources: ["services"], verbs: ["list", "get"] }];
      await this.#call("POST", `${rbac}/roles`, { metadata: { name }, rules });
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
      const subjects = [{ kind: "ServiceAccount", name, namespace }];
      await this.#call("POST", `${rbac}/rolebindings`, { metadata: { name }, roleRef, subjects });
    }
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const answer = await this.#call("POST", path, { spec: { audiences: ["view-gateway"], expirationSeconds: 7_200 } });
    return { user: `system:serviceaccount:${namespace}:${name}`, token: JSON.parse(answer).status.token };
  }

  async #annotate(name: string, annotations: Readonly<Record<string, string>>): Promise<void> {
    await this.#call("PATCH", `/api/v1/namespaces/${this.namespace}/services/${name}`, { metadata: { annotations } });
  }

  async #slices(): Promise<number> {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${this.namespace}/endpointslices?limit=1`;
    const { items, metadata } = JSON.parse(await this.#call("GET", path));
    return items.length + (metadata.remainingItemCount ?? 0);
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

/** The configuration in a file. */
export function configIn(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config;
}

function spec(version: number): string {
  return JSON.stringify({ subsets: [{ bucket: "lake", prefix: `sales/${version}/`, access: "read" }] });
}
