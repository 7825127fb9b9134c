import type { Cause, ViewState } from "../view/state.ts";

export interface StartFailuresOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Told once of each start that has failed. */
  readonly onFailure: (view: ViewState, cause: Cause) => void;
}

/**
 * Finds out how the starts came out that this gateway has made: every gateway sees every view's failure, and one of
 * them is to tell of it.
 */
export class StartFailures {
  /** UIDs of the Jobs, by the view's name, of which nobody knows yet whether they will serve. */
  readonly #made = new Map<string, string>();
  readonly #options: StartFailuresOptions;

  constructor(options: StartFailuresOptions) {
    this.#options = options;
  }

  /** This gateway has made a Job for the view; the snapshot may know more of it by now. */
  made(name: string, job: string): void {
    this.#made.set(name, job);
    this.changed(name, this.#options.view(name));
  }

  /** Kubernetes would not even have the Job. */
  refused(name: string, cause: Cause): void {
    const view = this.#options.view(name);
    if (view !== undefined) this.#options.onFailure(view, cause);
  }

  changed(name: string, view: ViewState | undefined): void {
    const job = this.#made.get(name);
    if (job === undefined) return;
    if (view?.phase.kind === "starting" && view.phase.job === job) return;
    this.#made.delete(name);
    if (view?.phase.kind === "failed" && view.phase.job === job) this.#options.onFailure(view, view.phase.cause);
  }
}
