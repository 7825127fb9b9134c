import type { Cause, ViewState } from "../view/state.ts";
import type { StartFailure } from "./retry_policy.ts";

/** Refusals to remember; above it, the oldest are forgotten. */
const LIMIT = 1_000;

/**
 * The starts whose Job Kubernetes has refused. No object in Kubernetes records them. After a restart of the gateway, or when
 * this forgets one, the gateway asks Kubernetes once more.
 */
export class RefusedStarts {
  /** By the UIDs of the views' Services. */
  readonly #failures = new Map<string, StartFailure>();

  /** The view's last attempt, if it was refused. */
  of({ uid, attempt }: ViewState): StartFailure | undefined {
    const failure = this.#failures.get(uid);
    if (failure === undefined || attempt === undefined) return failure;
    // A later attempt means that another gateway has succeeded. An earlier one is a Job from before the refusal.
    return Date.parse(attempt.createdAt) > Date.parse(failure.attempt.createdAt) ? undefined : failure;
  }

  /** Records that Kubernetes refuses the Job of a view. `now`: milliseconds since the epoch. */
  record(
    { uid }: ViewState,
    { cause, failures, digest, now }: {
      readonly cause: Cause;
      readonly failures: number;
      readonly digest: string;
      readonly now: number;
    },
  ): void {
    this.#failures.delete(uid);
    this.#failures.set(uid, { cause, attempt: { failures, digest, createdAt: new Date(now).toISOString() } });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= LIMIT) break;
      this.#failures.delete(oldest);
    }
  }
}
