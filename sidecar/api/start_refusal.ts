import { problem, problemResponse } from "../http/problem.ts";
import type { Cause } from "../view/state.ts";
import type { StartOutcome } from "./api_options.ts";

/** The answer where a view could not be started; undefined where it was. */
export function startRefusal(view: string, outcome: StartOutcome): Response | undefined {
  switch (outcome.kind) {
    case "launched":
      return undefined;
    case "failed":
      return viewFailed(view, outcome.cause);
    case "paused":
      return viewFailed(view, outcome.cause, Math.ceil(outcome.seconds));
    case "denied":
      return problemResponse(outcome.problem, outcome.retryAfter);
  }
}

/** The answer where a view has failed. */
export function viewFailed(view: string, { reason, message }: Cause, retryAfter?: number): Response {
  return problemResponse(
    problem(409, "view-failed", `View ${view} cannot start: ${message}`, { view, reason }),
    retryAfter,
  );
}
