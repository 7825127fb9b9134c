import type { Pause } from "../async/pause.ts";
import type { ViewState } from "../view/state.ts";

export interface SpentJobsOptions {
  readonly view: (name: string) => ViewState | undefined;
  readonly jobs: {
    /** Deletes the Job if it still has this UID; one that is gone, or another's by now, is not an error. */
    delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
  };
  readonly pause: Pause;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Ends all of it. */
  readonly signal: AbortSignal;
  /** Told of a Job that could not be deleted. */
  readonly onTrouble: (view: string, error: unknown) => void;
}

/** Milliseconds between two looks, at most: each gateway takes another part of it, so that one mostly is first. */
const SPREAD = 5_000;

/** Jobs that are deleted at once. */
const AT_ONCE = 50;

/**
 * Deletes the Jobs of views that fell asleep: a Job that ended by its deadline has failed, to whoever counts failed Jobs.
 * That a view sleeps depends on none of this, and where no gateway lives Kubernetes deletes the Job by its
 * `ttlSecondsAfterFinished`.
 */
export class SpentJobs {
  readonly #options: SpentJobsOptions;
  readonly #names = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: SpentJobsOptions) {
    this.#options = options;
  }

  /** The view's state has changed. */
  look(name: string): void {
    if (jobOf(this.#options.view(name)) === undefined) return;
    this.#names.add(name);
    this.#start();
  }

  /** Resolves when nothing goes on any more; that is soon once the signal has aborted. */
  async stopped(): Promise<void> {
    await this.#running;
  }

  #start(): void {
    if (this.#running !== undefined || this.#names.size === 0 || this.#options.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // One more may have come just now.
      this.#start();
    });
  }

  async #run(): Promise<void> {
    const { pause, random, signal } = this.#options;
    while (this.#names.size > 0) {
      await pause(SPREAD * random(), signal).catch(() => {});
      if (signal.aborted) return;
      const names = [...this.#names].slice(0, AT_ONCE);
      for (const name of names) this.#names.delete(name);
      await Promise.all(names.map((name) => this.#delete(name)));
    }
  }

  async #delete(name: string): Promise<void> {
    const { view, jobs, signal, onTrouble } = this.#options;
    const job = jobOf(view(name));
    if (job === undefined) return;
    try {
      await jobs.delete(name, job, signal);
    } catch (error) {
      if (!signal.aborted) onTrouble(name, error);
    }
  }
}

/** UID of the Job that the view has left. */
function jobOf(view: ViewState | undefined): string | undefined {
  if (view === undefined || !("spent" in view.phase)) return undefined;
  return view.phase.kind === "asleep" ? view.phase.ended : view.phase.job;
}
