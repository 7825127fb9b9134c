import type { Cause, ViewState } from "../view/state.ts";
import type { StartFailure } from "./retry_policy.ts";

/** Views whose refusals are kept in mind at once; the oldest are forgotten. */
const LIMIT = 1_000;

/**
 * The starts for which Kubernetes would not even have a Job: no object of its own can tell of them. What is forgotten,
 * and a gateway that begins anew, costs one call more.
 */
export class RefusedStarts {
  /** By the UIDs of the views' Services. */
  readonly #failures = new Map<string, StartFailure>();

  /** The view's last attempt, if it was refused. */
  of({ uid, attempt }: ViewState): StartFailure | undefined {
    const failure = this.#failures.get(uid);
    if (failure === undefined || attempt === undefined) return failure;
    // Another gateway has had more luck since, or the Job from before the refusal is still there.
    return Date.parse(attempt.createdAt) > Date.parse(failure.attempt.createdAt) ? undefined : failure;
  }

  /** @param now milliseconds since the epoch */
  note(
    { uid }: ViewState,
    cause: Cause,
    attempt: { readonly failures: number; readonly digest: string },
    now: number,
  ): void {
    this.#failures.delete(uid);
    this.#failures.set(uid, { cause, attempt: { ...attempt, createdAt: new Date(now).toISOString() } });
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= LIMIT) break;
      this.#failures.delete(oldest);
    }
  }
}
