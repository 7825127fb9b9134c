import { lines } from "../../../../sidecar/kubernetes/watch/lines.ts";
import type { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { NAME_LABEL } from "../../../../sidecar/view/labels.ts";

/** When a watch told of each step, in milliseconds of `performance.now`. Undefined where it did not. */
export interface WakeTimes {
  jobCreated?: number;
  podCreated?: number;
  podScheduled?: number;
  podReady?: number;
  /** The Service has an EndpointSlice. */
  sliceCreated?: number;
  /** Its EndpointSlice says that a pod is ready. */
  sliceReady?: number;
}

type Step = keyof WakeTimes;

interface Watched {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  readonly endpoints?:
    | readonly { readonly conditions?: { readonly serving?: boolean; readonly ready?: boolean } }[]
    | null;
}

const KINDS = [
  { path: "/apis/batch/v1", plural: "jobs", steps: (): readonly Step[] => ["jobCreated"] },
  { path: "/api/v1", plural: "pods", steps: stepsOfPod },
  { path: "/apis/discovery.k8s.io/v1", plural: "endpointslices", steps: stepsOfSlice },
] as const;

export function stepsOfPod({ spec, status }: Watched): readonly Step[] {
  const ready = status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
  return ["podCreated", ...spec?.nodeName ? ["podScheduled"] as const : [], ...ready ? ["podReady"] as const : []];
}

/** `serving` is what the pod's own readiness says; `ready` is true for all pods of such a Service. */
export function stepsOfSlice({ endpoints }: Watched): readonly Step[] {
  const serving = endpoints?.some(({ conditions }) => conditions?.serving);
  return ["sliceCreated", ...serving ? ["sliceReady"] as const : []];
}

/** Watches what happens to the objects of a namespace's views, from now on. */
export class WakeWatch implements AsyncDisposable {
  readonly #times = new Map<string, WakeTimes>();
  readonly #ending = new AbortController();
  readonly #watches: Promise<void>[] = [];

  static async of(transport: Transport, namespace: string): Promise<WakeWatch> {
    const watch = new WakeWatch();
    await Promise.all(KINDS.map(async ({ path, plural, steps }) => {
      const collection = `${path}/namespaces/${namespace}/${plural}`;
      const selector = `labelSelector=${encodeURIComponent(NAME_LABEL)}`;
      const { signal } = watch.#ending;
      // A cheap way to a recent version: the answer has one object at most.
      const one = await transport.call({ method: "GET", path: `${collection}?limit=1` }, signal);
      const { metadata: { resourceVersion } } = JSON.parse(one.text);
      const query = `watch=true&${selector}&resourceVersion=${resourceVersion}`;
      const { body } = await transport.watch(`${collection}?${query}`, signal);
      watch.#watches.push(watch.#read(body, steps).catch(() => {}));
    }));
    return watch;
  }

  of(view: string): Readonly<WakeTimes> {
    return this.#times.get(view) ?? {};
  }

  async #read(body: AsyncIterable<Uint8Array>, steps: (object: Watched) => readonly Step[]): Promise<void> {
    for await (const group of lines(body)) {
      const now = performance.now();
      for (const line of group) {
        const { type, object } = JSON.parse(line);
        const view = object.metadata?.labels?.[NAME_LABEL];
        if (view === undefined || type !== "ADDED" && type !== "MODIFIED") continue;
        const times = this.#times.get(view) ?? {};
        this.#times.set(view, times);
        for (const step of steps(object)) times[step] ??= now;
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#watches);
  }
}
