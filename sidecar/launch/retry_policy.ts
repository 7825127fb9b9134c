import { mayStillStart, needsChange } from "../view/cause.ts";
import { remainingPause } from "../view/pause.ts";
import type { Cause, StartAttempt, ViewState } from "../view/state.ts";

/** An attempt to start a view that has failed. */
export interface StartFailure {
  readonly cause: Cause;
  readonly attempt: StartAttempt;
}

/** What a request for a view does that has failed. */
export type RetryDecision =
  /** `failures`: how many attempts at the same failed before this one. */
  | { readonly kind: "try"; readonly failures: number }
  | { readonly kind: "pause"; readonly cause: Cause; readonly seconds: number };

/** Seconds after which it is worth to look again whether Kubernetes has found what it goes on looking for. */
const LOOK_AGAIN = 5;

/** The failure that a view stands in; undefined where it stands in none that an attempt has come to. */
export function startFailureOf({ phase, attempt }: ViewState): StartFailure | undefined {
  if (phase.kind !== "failed" || attempt === undefined || needsChange(phase.cause)) return undefined;
  return { cause: phase.cause, attempt };
}

/**
 * Whether a start is tried again after a failure, or not yet. What has changed since is tried at once, and counts from
 * nothing; so does what served before it ended.
 * @param digest of what would be tried
 * @param now milliseconds since the epoch
 */
export function retryDecision(failure: StartFailure | undefined, digest: string, now: number): RetryDecision {
  if (failure === undefined || failure.attempt.digest !== digest) return { kind: "try", failures: 0 };
  const seconds = retryAfter(failure, now);
  return seconds === undefined
    ? { kind: "try", failures: failure.attempt.failures + 1 }
    : { kind: "pause", cause: failure.cause, seconds };
}

/** Seconds after which it makes sense to ask again; undefined where the next request is another try. */
export function retryAfter({ cause, attempt }: StartFailure, now: number): number | undefined {
  return mayStillStart(cause) ? LOOK_AGAIN : remainingPause(attempt, now) || undefined;
}
