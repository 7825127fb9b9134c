import type { Cause, ViewState } from "../view/state.ts";

export interface StartFailuresOptions {
  readonly view: (name: string) => ViewState | undefined;
  /** Called once for each failed start. */
  readonly onFailure: (view: ViewState, cause: Cause) => void;
}

/**
 * Reports failed starts. Every gateway sees every failure, so only the gateway that has launched the view reports it.
 */
export class StartFailures {
  /** UIDs of this gateway's Jobs that have neither served nor failed yet, by the view's name. */
  readonly #pending = new Map<string, string>();
  readonly #options: StartFailuresOptions;

  constructor(options: StartFailuresOptions) {
    this.#options = options;
  }

  /** This gateway has created a Job for the view. The snapshot may already show that it has failed. */
  launched(name: string, job: string): void {
    this.#pending.set(name, job);
    this.changed(name, this.#options.view(name));
  }

  /** Kubernetes has refused the Job. */
  refused(name: string, cause: Cause): void {
    const view = this.#options.view(name);
    if (view !== undefined) this.#options.onFailure(view, cause);
  }

  changed(name: string, view: ViewState | undefined): void {
    const job = this.#pending.get(name);
    if (job === undefined) return;
    if (view?.phase.kind === "starting" && view.phase.job === job) return;
    this.#pending.delete(name);
    if (view?.phase.kind === "failed" && view.phase.job === job) this.#options.onFailure(view, view.phase.cause);
  }
}
