import { Backoff } from "../async/backoff.ts";
import type { Pause } from "../async/pause.ts";
import { Semaphore } from "../async/semaphore.ts";
import type { PodIdentity, PodNotes } from "../kubernetes/write/pod_writes.ts";
import { isRunning, type ViewState } from "../view/state.ts";
import type { PatchedPod } from "../view/write_outcomes.ts";
import { deliveryOf } from "./delivery.ts";
import type { SessionCredentials } from "./session_credentials.ts";

/** How the sidecar reaches views' pods. */
export interface DeliveryWays {
  /** Sends a claimed pod its assignment again, with these credentials. Undefined: the pod has them. Else what it says. */
  readonly assign: (
    view: ViewState,
    credentials: SessionCredentials,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Throws only the signal's reason. */
  readonly annotate: (pod: PodIdentity, notes: PodNotes, signal: AbortSignal) => Promise<PatchedPod>;
}

export interface DeliveriesOptions extends DeliveryWays {
  readonly view: (name: string) => ViewState | undefined;
  readonly onDelivered: (view: string) => void;
  /** A delivery has failed; it is tried again. */
  readonly onFailure: (view: string, message: string) => void;
  readonly onFault: (view: string, error: unknown) => void;
  readonly pause: Pause;
  readonly random: () => number;
}

/** Deliveries at once. */
const CONCURRENCY = 16;

/** Milliseconds between tries of a delivery: the first and the longest pause. */
const AGAIN = 2_000;
const AGAIN_AT_LAST = 120_000;

interface Present {
  readonly uid: string;
  readonly credentials: SessionCredentials;
}

/**
 * Brings renewed credentials to the pods of running views. The pod's annotation tells what it has, so any gateway sees what
 * another one has not finished.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #slots = new Semaphore(CONCURRENCY);
  /** Of each running view: its newest credentials that this gateway has seen. */
  readonly #present = new Map<string, Present>();
  /** Of each view: what this gateway has delivered last, which the snapshot may not show yet. */
  readonly #delivered = new Map<string, { readonly pod: string; readonly endAt: number }>();
  readonly #running = new Map<string, AbortController>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** How many deliveries are under way. */
  get size(): number {
    return this.#running.size;
  }

  /** These are the view's credentials now. */
  present({ name, uid }: Pick<ViewState, "name" | "uid">, credentials: SessionCredentials): void {
    this.#present.set(name, { uid, credentials });
    this.update(name, this.#options.view(name));
  }

  /** A pod has got credentials that end then, with its assignment. */
  given(name: string, pod: string, endAt: number): void {
    this.#delivered.set(name, { pod, endAt });
  }

  /** Takes a view's new state; undefined stands for a view that does not exist any more. */
  update(name: string, state: ViewState | undefined): void {
    if (!isRunning(state)) this.#delivered.delete(name);
    if (!isRunning(state) || state?.uid !== this.#present.get(name)?.uid) {
      this.#present.delete(name);
      return this.#running.get(name)?.abort();
    }
    if (this.#stopped || this.#running.has(name) || this.#due(name) === undefined) return;
    const stop = new AbortController();
    this.#running.set(name, stop);
    const task: Promise<void> = this.#run(name, stop.signal).finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const running of this.#running.values()) running.abort();
    await Promise.all(this.#tasks);
  }

  #due(name: string) {
    const state = this.#options.view(name);
    const present = this.#present.get(name);
    if (state === undefined || present === undefined || present.uid !== state.uid) return undefined;
    const { credentials } = present;
    const delivery = deliveryOf(state, credentials);
    const done = this.#delivered.get(name);
    if (delivery === undefined || done?.pod === delivery.pod.uid && done.endAt >= credentials.endAt) return undefined;
    return { state, credentials, delivery };
  }

  async #run(name: string, signal: AbortSignal): Promise<void> {
    const { pause, random, onFailure, onFault } = this.#options;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    try {
      while (this.#due(name) !== undefined) {
        const failure = await this.#slots.use(() => this.#deliver(name, signal), signal);
        if (failure === undefined) continue;
        onFailure(name, failure);
        await pause(backoff.next(), signal);
      }
    } catch (error) {
      if (!signal.aborted) onFault(name, error);
    } finally {
      this.#running.delete(name);
      // A view that was replaced meanwhile has credentials of its own.
      if (signal.aborted && !this.#stopped) this.update(name, this.#options.view(name));
    }
  }

  /** Undefined when there is nothing left to do for this pod now, else why it has failed. */
  async #deliver(name: string, signal: AbortSignal): Promise<string | undefined> {
    const { assign, annotate, onDelivered } = this.#options;
    const due = this.#due(name);
    if (due === undefined) return undefined;
    const { state, credentials, delivery: { pod, post } } = due;
    const failure = post ? await assign(state, credentials, signal) : undefined;
    signal.throwIfAborted();
    if (failure !== undefined) return failure;
    const notes = { credentialsEnd: new Date(credentials.endAt).toISOString() };
    const noted = await annotate(pod, notes, signal);
    if (noted.kind === "refused") return noted.cause.message;
    if (noted.kind === "unavailable") return noted.message;
    this.#delivered.set(name, { pod: pod.uid, endAt: credentials.endAt });
    if (noted.kind === "patched") onDelivered(name);
    return undefined;
  }
}
