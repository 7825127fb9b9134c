import { Backoff } from "../async/backoff.ts";
import { NamedTasks } from "../async/named_tasks.ts";
import type { Pause } from "../async/pause.ts";
import type { ViewState } from "../view/state.ts";

export interface PodlessJobsOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Whether anybody waits for the view at this gateway: a held request, or an open page. */
  readonly isAwaited: (view: string) => boolean;
  /** Replaces the view's Job. Never rejects. */
  readonly launch: (view: ViewState) => Promise<unknown>;
  /** Called before each replacement. */
  readonly onPodless: (view: string) => void;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  readonly pause: Pause;
  readonly random: () => number;
}

/** Milliseconds in which the Event comes that tells why a Job gets no pod; twice as many after each replacement. */
const PATIENCE = 2_000;
const LONGEST_PATIENCE = 60_000;

/**
 * Replaces Jobs that the Job controller leaves without a pod though nothing speaks against one: it still expects a pod of a
 * former Job of the name, which somebody may have deleted by hand (see job_creation.ts). A Job that the controller has not
 * looked at is left alone, so nothing is replaced where the controller is slow or away. Each gateway does it for the views
 * that somebody waits for at it.
 */
export class PodlessJobs {
  readonly #options: PodlessJobsOptions;
  /** By view, the UIDs of their Jobs: at most those that somebody waits for at this gateway. */
  readonly #waiting: NamedTasks<string>;
  /** By view, of these. */
  readonly #patience = new Map<string, Backoff>();

  constructor(options: PodlessJobsOptions) {
    this.#options = options;
    this.#waiting = new NamedTasks(options.onFault);
  }

  /** The view's state has changed, or somebody has begun to wait for it. */
  update(name: string): void {
    const state = this.#options.view(name);
    const job = podlessJobOf(state);
    const current = this.#waiting.get(name);
    if (current !== undefined) {
      if (current === job) return;
      this.#waiting.end(name);
    }
    if (!mayBePodless(state) || !this.#options.isAwaited(name)) this.#patience.delete(name);
    else if (job !== undefined) this.#waiting.begin(name, job, (signal) => this.#replaceUntilGone(name, signal));
  }

  /** Leaves all Jobs, and takes no others. */
  async stop(): Promise<void> {
    await this.#waiting.stop();
  }

  /** Ends when the snapshot shows no such Job any more, or when nobody waits for the view. */
  async #replaceUntilGone(name: string, over: AbortSignal): Promise<void> {
    const { view, isAwaited, launch, onPodless, pause, random } = this.#options;
    const backoff = this.#patience.get(name) ?? new Backoff(random, PATIENCE, LONGEST_PATIENCE);
    this.#patience.set(name, backoff);
    const patience = backoff.next();
    while (true) {
      await pause(patience, over);
      const state = view(name);
      if (state === undefined || !isAwaited(name)) return;
      onPodless(name);
      await launch(state);
    }
  }
}

function podlessJobOf(state: ViewState | undefined): string | undefined {
  return state?.phase.kind === "starting" && state.phase.podless ? state.phase.job : undefined;
}

/** Whether the view's start has not come as far as a pod. */
function mayBePodless(state: ViewState | undefined): boolean {
  return state?.phase.kind === "asleep" || state?.phase.kind === "starting" && state.phase.step === "no pod";
}
