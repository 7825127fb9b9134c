import { needsChange } from "../view/cause.ts";
import type { ViewState } from "../view/state.ts";
import { retryAfter, startFailureOf } from "../launch/retry_policy.ts";
import type { Denial } from "../denial/denial.ts";

/** What the gate has done for one request. */
export interface RequestHistory {
  /** Whether this is the first decision on the request. */
  readonly first: boolean;
  readonly launches: number;
}

export type Decision =
  | { readonly kind: "pass" }
  | { readonly kind: "launch" }
  | { readonly kind: "wait" }
  | { readonly kind: "deny"; readonly denial: Denial };

/** How often the gate launches a view that keeps ending for one request. */
const MAX_LAUNCHES = 3;

/**
 * What the gate does next with a request for a view. If the view failed before the request came, the gate starts it again,
 * unless only a change helps. If it fails while the request waits, the failure is the answer.
 * @param now milliseconds since the epoch
 */
export function decide(view: ViewState, history: RequestHistory, now: number): Decision {
  const { name, phase } = view;
  switch (phase.kind) {
    case "awake":
      return { kind: "pass" };
    case "starting":
      return { kind: "wait" };
    case "asleep":
      return history.launches < MAX_LAUNCHES ? { kind: "launch" } : deny({
        kind: "failed",
        view: name,
        cause: { reason: "Ended", message: `It ended ${history.launches} times while this request waited.` },
        retryAfter: undefined,
      });
    case "failed":
      if (phase.cause.reason === "InvalidSpec") return deny({ kind: "invalid spec", view: name, cause: phase.cause });
      if (history.first && !needsChange(phase.cause)) return { kind: "launch" };
      return deny({ kind: "failed", view: name, cause: phase.cause, retryAfter: pauseOf(view, now) });
  }
}

function pauseOf(view: ViewState, now: number): number | undefined {
  const failure = startFailureOf(view);
  return failure && retryAfter(failure, now);
}

const deny = (denial: Denial): Decision => ({ kind: "deny", denial });
