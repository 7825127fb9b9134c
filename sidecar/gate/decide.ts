import type { ViewState } from "../view/state.ts";
import type { Denial } from "./denial.ts";

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
 * start; one that it waited for is its answer.
 */
export function decide(view: ViewState, attempt: Attempt): Decision {
  const { name, phase } = view;
  switch (phase.kind) {
    case "awake":
      return { kind: "pass" };
    case "starting":
      // A launch that has no pod yet is joined, by whichever replica's request it was made: it knows why there is none.
      return { kind: phase.step === "no pod" ? "launch" : "wait" };
    case "asleep":
      return attempt.launches < MAX_LAUNCHES ? { kind: "launch" } : deny({
        kind: "failed",
        view: name,
        cause: { reason: "Ended", message: `it ended ${attempt.launches} times while this request waited for it.` },
      });
    case "failed":
      if (view.spec === undefined) return deny({ kind: "invalid spec", view: name, cause: phase.cause });
      return attempt.first ? { kind: "launch" } : deny({ kind: "failed", view: name, cause: phase.cause });
  }
}

const deny = (denial: Denial): Decision => ({ kind: "deny", denial });
