import { Backoff } from "../async/backoff.ts";
import type { Pause } from "../async/pause.ts";
import { Semaphore } from "../async/semaphore.ts";
import type { PodIdentity, PodNotes } from "../kubernetes/write/pod_writes.ts";
import type { ViewState } from "../view/state.ts";
import type { PatchedPod } from "../view/write_outcomes.ts";

export interface AssignmentNotesOptions {
  /** Throws only the signal's reason. */
  readonly annotate: (pod: PodIdentity, notes: PodNotes, signal: AbortSignal) => Promise<PatchedPod>;
  /** Kubernetes does not take the note; it is tried again. */
  readonly onFailure: (view: string, message: string) => void;
  readonly onFault: (view: string, error: unknown) => void;
  readonly pause: Pause;
  readonly random: () => number;
}

/** Writes at once. */
const CONCURRENCY = 16;

/** Milliseconds between tries of a write: the first and the longest pause. */
const AGAIN = 500;
const AGAIN_AT_LAST = 30_000;

interface Noting {
  readonly pod: string;
  readonly stop: AbortController;
}

/** Notes on pods which view they are. No request waits for it: the other gateways and a restarted one know the pod by it. */
export class AssignmentNotes {
  readonly #options: AssignmentNotesOptions;
  readonly #slots = new Semaphore(CONCURRENCY);
  readonly #noting = new Map<string, Noting>();
  readonly #tasks = new Set<Promise<void>>();

  constructor(options: AssignmentNotesOptions) {
    this.#options = options;
  }

  /** Writes the notes, and tries again until Kubernetes has taken them or the view has another pod. */
  note(view: string, pod: PodIdentity, notes: PodNotes): void {
    this.#noting.get(view)?.stop.abort();
    const noting = { pod: pod.uid, stop: new AbortController() };
    this.#noting.set(view, noting);
    const task: Promise<void> = this.#note(view, pod, notes, noting.stop.signal).finally(() => {
      this.#tasks.delete(task);
      if (this.#noting.get(view) === noting) this.#noting.delete(view);
    });
    this.#tasks.add(task);
  }

  /** Takes a view's new state. */
  update(view: string, state: ViewState | undefined): void {
    const noting = this.#noting.get(view);
    if (noting !== undefined && state?.pod?.uid !== noting.pod) noting.stop.abort();
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#noting.values()) stop.abort();
    await Promise.all(this.#tasks);
  }

  async #note(view: string, pod: PodIdentity, notes: PodNotes, signal: AbortSignal): Promise<void> {
    const { annotate, onFailure, onFault, pause, random } = this.#options;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    try {
      while (true) {
        const noted = await this.#slots.use(() => annotate(pod, notes, signal), signal);
        if (noted.kind === "patched" || noted.kind === "lost") return;
        onFailure(view, noted.kind === "refused" ? noted.cause.message : noted.message);
        await pause(backoff.next(), signal);
      }
    } catch (error) {
      if (!signal.aborted) onFault(view, error);
    }
  }
}
