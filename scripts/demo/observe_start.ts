import { lines } from "../../sidecar/kubernetes/watch/lines.ts";
import type { Transport } from "../../sidecar/kubernetes/transport.ts";
import { ASSIGNED_ANNOTATION, CLAIMED_FROM_ANNOTATION } from "../../sidecar/view/claim.ts";
import { NAME_LABEL } from "../../sidecar/view/labels.ts";

/** When this machine heard of each step of a view's start, in milliseconds since the epoch. */
export interface Start {
  jobCreated?: number;
  /** Of a warm start only. */
  podClaimed?: number;
  /** Of a warm start only. */
  podAssigned?: number;
  podScheduled?: number;
  containerStarted?: number;
  podAddressed?: number;
  podServing?: number;
}

/**
 * Watches what Kubernetes says of views that start. Kubernetes' own timestamps have whole seconds only; a watch tells
 * of a change a few milliseconds after it.
 */
export class StartObserver implements AsyncDisposable {
  readonly #starts: ReadonlyMap<string, Start>;
  readonly #ending = new AbortController();
  readonly #watches: Promise<void>[] = [];

  private constructor(views: readonly string[]) {
    this.#starts = new Map(views.map((view) => [view, {}]));
  }

  /** Begins to watch; resolves when the API server has taken the watches. */
  static async of(transport: Transport, namespace: string, views: readonly string[]): Promise<StartObserver> {
    const observer = new StartObserver(views);
    const selector = `labelSelector=${encodeURIComponent(`${NAME_LABEL} in (${views.join(",")})`)}`;
    const query = `watch=true&${selector}`;
    await Promise.all([
      observer.#watch(transport, `/apis/batch/v1/namespaces/${namespace}/jobs?${query}`, ofJob),
      observer.#watch(transport, `/api/v1/namespaces/${namespace}/pods?${query}`, ofPod),
    ]);
    return observer;
  }

  /** What is known so far of a view that is watched. */
  startOf(view: string): Readonly<Start> {
    return this.#starts.get(view) ?? {};
  }

  async #watch(transport: Transport, path: string, steps: (object: KubernetesObject) => readonly (keyof Start)[]) {
    const { body } = await transport.watch(path, this.#ending.signal);
    const reading = async () => {
      for await (const group of lines(body)) {
        const now = Date.now();
        for (const line of group) {
          const { type, object } = JSON.parse(line);
          if (type !== "ADDED" && type !== "MODIFIED") continue;
          const start = this.#starts.get(object.metadata.labels?.[NAME_LABEL]);
          if (start !== undefined) { for (const step of steps(object)) start[step] ??= now; }
        }
      }
    };
    // A watch that ends early leaves a step out; the timeline says so.
    this.#watches.push(reading().catch(() => {}));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#watches);
  }
}

/** The members of Jobs and pods that steps are read from. */
export interface KubernetesObject {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly state?: { readonly running?: unknown } }[];
  };
}

export function ofJob(): readonly (keyof Start)[] {
  return ["jobCreated"];
}

export function ofPod({ metadata, spec, status }: KubernetesObject): readonly (keyof Start)[] {
  const steps: (keyof Start)[] = [];
  if (metadata?.annotations?.[CLAIMED_FROM_ANNOTATION] !== undefined) steps.push("podClaimed");
  if (metadata?.annotations?.[ASSIGNED_ANNOTATION] !== undefined) steps.push("podAssigned");
  if (spec?.nodeName !== undefined) steps.push("podScheduled");
  const containers = status?.containerStatuses ?? [];
  if (containers.length > 0 && containers.every(({ state }) => state?.running !== undefined)) {
    steps.push("containerStarted");
  }
  if (status?.podIP !== undefined) steps.push("podAddressed");
  if (status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) steps.push("podServing");
  return steps;
}
