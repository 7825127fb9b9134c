import type { Pause } from "../async/pause.ts";
import type { ViewState } from "../view/state.ts";

export interface SpentJobsOptions {
  readonly view: (name: string) => ViewState | undefined;
  readonly jobs: {
    /** Deletes the Job that has this UID. It is no error that the Job is gone, or that another Job has the name. */
    delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
  };
  readonly pause: Pause;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Ends all deletions. */
  readonly signal: AbortSignal;
  /** Called with an error for a Job that could not be deleted. */
  readonly onError: (view: string, error: unknown) => void;
}

/** Longest pause before a deletion, in milliseconds. Pauses are random, so mostly one gateway is first. */
const SPREAD = 5_000;

/** Jobs to delete at once. */
const BATCH = 50;

/**
 * Deletes the Jobs of views that fell asleep, because a Job that ends by its deadline looks like a failure. Views fall asleep
 * without this. Where no gateway runs, Kubernetes deletes the Job by its `ttlSecondsAfterFinished`.
 */
export class SpentJobs {
  readonly #options: SpentJobsOptions;
  readonly #names = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: SpentJobsOptions) {
    this.#options = options;
  }

  /** Deletes the view's Job, if it is spent now. Called with each change of the view. */
  changed(name: string): void {
    if (jobOf(this.#options.view(name)) === undefined) return;
    this.#names.add(name);
    this.#start();
  }

  /** Resolves when no deletion is under way. After the signal has aborted, that is soon. */
  async stopped(): Promise<void> {
    await this.#running;
  }

  #start(): void {
    if (this.#running !== undefined || this.#names.size === 0 || this.#options.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // A view may have fallen asleep meanwhile.
      this.#start();
    });
  }

  async #run(): Promise<void> {
    const { pause, random, signal } = this.#options;
    while (this.#names.size > 0) {
      await pause(SPREAD * random(), signal).catch(() => {});
      if (signal.aborted) return;
      const names = [...this.#names].slice(0, BATCH);
      for (const name of names) this.#names.delete(name);
      await Promise.all(names.map((name) => this.#delete(name)));
    }
  }

  async #delete(name: string): Promise<void> {
    const { view, jobs, signal, onError } = this.#options;
    const job = jobOf(view(name));
    if (job === undefined) return;
    try {
      await jobs.delete(name, job, signal);
    } catch (error) {
      if (!signal.aborted) onError(name, error);
    }
  }
}

/** UID of the view's spent Job. */
function jobOf(view: ViewState | undefined): string | undefined {
  if (view === undefined || !("spent" in view.phase)) return undefined;
  return view.phase.kind === "asleep" ? view.phase.ended : view.phase.job;
}
