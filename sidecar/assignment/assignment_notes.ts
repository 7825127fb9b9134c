import { Backoff } from "../async/backoff.ts";
import { NamedTasks } from "../async/named_tasks.ts";
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

/** Notes on pods which view they are. No request waits for it: the other gateways and a restarted one know the pod by it. */
export class AssignmentNotes {
  readonly #options: AssignmentNotesOptions;
  readonly #slots = new Semaphore(CONCURRENCY);
  /** By view, the UIDs of the pods. */
  readonly #noting: NamedTasks<string>;

  constructor(options: AssignmentNotesOptions) {
    this.#options = options;
    this.#noting = new NamedTasks(options.onFault);
  }

  /** Writes the notes, and tries again until Kubernetes has taken them or the view has another pod. */
  note(view: string, pod: PodIdentity, notes: PodNotes): void {
    this.#noting.begin(view, pod.uid, (signal) => this.#note(view, pod, notes, signal));
  }

  /** Takes a view's new state. */
  update(view: string, state: ViewState | undefined): void {
    const pod = this.#noting.get(view);
    if (pod !== undefined && state?.pod?.uid !== pod) this.#noting.end(view);
  }

  async stop(): Promise<void> {
    await this.#noting.stop();
  }

  async #note(view: string, pod: PodIdentity, notes: PodNotes, signal: AbortSignal): Promise<void> {
    const { annotate, onFailure, pause, random } = this.#options;
    const backoff = new Backoff(random, AGAIN, AGAIN_AT_LAST);
    while (true) {
      const noted = await this.#slots.use(() => annotate(pod, notes, signal), signal);
      if (noted.kind === "patched" || noted.kind === "lost") return;
      onFailure(view, noted.kind === "refused" ? noted.cause.message : noted.message);
      await pause(backoff.next(), signal);
    }
  }
}
