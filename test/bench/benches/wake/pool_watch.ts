/** Watches the pods of warm pools, and those that views claim. */
import { setTimeout as pause } from "node:timers/promises";
import { lines } from "../../../../sidecar/kubernetes/watch/lines.ts";
import type { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { CLAIMED_FROM_ANNOTATION } from "../../../../sidecar/view/claim.ts";
import { NAME_LABEL, POOL_LABEL } from "../../../../sidecar/view/labels.ts";

/** Milliseconds that a pool may take to be full. */
const LIMIT = 120_000;

/** The members of a pod that count here. */
interface WatchedPod {
  readonly metadata: {
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** What this machine has heard of pools, in milliseconds since the epoch. */
export class PoolWatch implements AsyncDisposable {
  readonly #ending = new AbortController();
  /** The template of each pod that is ready in a pool, by the pod's UID. */
  readonly #ready = new Map<string, string>();
  /** When the number of a template's ready pods last changed. */
  readonly #changed = new Map<string, number>();
  readonly #claims = new Map<string, number>();
  #reading: Promise<void> = Promise.resolve();

  /** Begins to watch a namespace; resolves when the API server has taken the watch. */
  static async of(transport: Transport, namespace: string): Promise<PoolWatch> {
    const watch = new PoolWatch();
    const { body } = await transport.watch(`/api/v1/namespaces/${namespace}/pods?watch=true`, watch.#ending.signal);
    watch.#reading = watch.#read(body).catch(() => {});
    return watch;
  }

  /** When a view claimed its pod; undefined where it has not. */
  claimedAt(view: string): number | undefined {
    return this.#claims.get(view);
  }

  /**
   * Waits until so many pods of a template's pool are ready, and answers since when.
   * @throws Error after two minutes
   */
  async full(template: string, size: number, signal: AbortSignal): Promise<number> {
    const count = () => [...this.#ready.values()].filter((name) => name === template).length;
    for (const end = Date.now() + LIMIT; count() !== size;) {
      if (Date.now() > end) throw new Error(`The pool of template ${template} has ${count()} of ${size} ready pods.`);
      await pause(20, undefined, { signal });
    }
    return this.#changed.get(template)!;
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const group of lines(body)) {
      const now = Date.now();
      for (const line of group) {
        const { type, object } = JSON.parse(line);
        this.#take(type, object, now);
      }
    }
  }

  #take(type: string, { metadata, status }: WatchedPod, now: number): void {
    const { uid, labels = {}, annotations = {}, deletionTimestamp } = metadata;
    const view = labels[NAME_LABEL];
    if (view !== undefined && annotations[CLAIMED_FROM_ANNOTATION] !== undefined && !this.#claims.has(view)) {
      this.#claims.set(view, now);
    }
    const ready = type !== "DELETED" && deletionTimestamp === undefined &&
      status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
    // The label has a hash behind the template's name.
    const template = ready ? labels[POOL_LABEL]?.replace(/-[0-9a-f]+$/, "") : undefined;
    const before = this.#ready.get(uid);
    if (template === before) return;
    if (template === undefined) this.#ready.delete(uid);
    else this.#ready.set(uid, template);
    this.#changed.set(template ?? before!, now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await this.#reading;
  }
}
