import { needsChange } from "../view/cause.ts";
import type { ViewState } from "../view/state.ts";
import { failureOf, retryAfter } from "../launch/retry_policy.ts";
import type { Denial } from "../denial/denial.ts";

/** What one request has seen and done so far. */
export interface Attempt {
  /** The view's phase has not been looked at yet. */
  readonly first: boolean;
  readonly launches: number;
}

export type Decision =
  | { readonly kind: "pass" }
  | { readonly kind: "launch" }
  | { readonly kind: "wait" }
  | { readonly kind: "deny"; readonly denial: Denial };

/** A view that ends again and again while one request waits for it is not launched more often on its behalf. */
const MAX_LAUNCHES = 3;

/**
 * What the gate does next with a request for a view. A failure that stood before the request came is worth another
 * start, unless only a change helps; one that it waited for is its answer.
 * @param now milliseconds since the epoch
 */
export function decide(view: ViewState, attempt: Attempt, now: number): Decision {
  const { name, phase } = view;
  switch (phase.kind) {
    case "awake":
      return { kind: "pass" };
    case "starting":
      return { kind: "wait" };
    case "asleep":
      return attempt.launches < MAX_LAUNCHES ? { kind: "launch" } : deny({
        kind: "failed",
        view: name,
        cause: { reason: "Ended", message: `It ended ${attempt.launches} times while this request waited for it.` },
        retryAfter: undefined,
      });
    case "failed":
      if (phase.cause.reason === "InvalidSpec") return deny({ kind: "invalid spec", view: name, cause: phase.cause });
      if (attempt.first && !needsChange(phase.cause)) return { kind: "launch" };
      return deny({ kind: "failed", view: name, cause: phase.cause, retryAfter: pauseOf(view, now) });
  }
}

function pauseOf(view: ViewState, now: number): number | undefined {
  const failure = failureOf(view);
  return failure && retryAfter(failure, now);
}

const deny = (denial: Denial): Decision => ({ kind: "deny", denial });
