import { mayStillStart, needsChange } from "../view/cause.ts";
import { remainingPause } from "../view/retry_pause.ts";
import type { Cause, StartAttempt, ViewState } from "../view/state.ts";

/** A failed attempt to start a view. */
export interface StartFailure {
  readonly cause: Cause;
  readonly attempt: StartAttempt;
}

/** What a request for a failed view does. */
export type RetryDecision =
  /** `failures`: how many attempts with this digest failed before this one. */
  | { readonly kind: "try"; readonly failures: number }
  | { readonly kind: "pause"; readonly cause: Cause; readonly seconds: number };

/** Seconds after which Kubernetes may have succeeded with a start that it keeps trying. */
const KUBERNETES_RETRY = 5;

/** The view's last failure; undefined where it has not failed, or where no attempt can help before a change. */
export function startFailureOf({ phase, attempt }: ViewState): StartFailure | undefined {
  if (phase.kind !== "failed" || attempt === undefined || needsChange(phase.cause)) return undefined;
  return { cause: phase.cause, attempt };
}

/**
 * Whether a request starts a view again after a failure, or has to wait. A view whose digest has changed starts at once, and
 * its failures count from zero.
 * @param digest stands for all that the start would use
 * @param now milliseconds since the epoch
 */
export function retryDecision(failure: StartFailure | undefined, digest: string, now: number): RetryDecision {
  if (failure === undefined || failure.attempt.digest !== digest) return { kind: "try", failures: 0 };
  const seconds = retryAfter(failure, now);
  return seconds === undefined
    ? { kind: "try", failures: failure.attempt.failures + 1 }
    : { kind: "pause", cause: failure.cause, seconds };
}

/** Seconds after which a request may start the view again; undefined where the next request may. */
export function retryAfter({ cause, attempt }: StartFailure, now: number): number | undefined {
  return mayStillStart(cause) ? KUBERNETES_RETRY : remainingPause(attempt, now) || undefined;
}
