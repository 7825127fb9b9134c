import type { Denial } from "./denial.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";

/** Why a request does not pass for which a view was to be launched; undefined where it was. */
export function launchDenial(view: string, outcome: LaunchOutcome): Denial | undefined {
  switch (outcome.kind) {
    case "launched":
      return undefined;
    case "failed":
      return { kind: "failed", view, cause: outcome.cause, retryAfter: undefined };
    case "paused":
      return { kind: "failed", view, cause: outcome.cause, retryAfter: outcome.seconds };
    case "busy":
    case "unavailable":
      return { kind: outcome.kind, view, message: outcome.message };
    case "late":
      return { kind: "launch timeout", view, seconds: outcome.seconds, waitedFor: outcome.waitedFor };
    case "stopping":
      return { kind: "closing", view };
    case "fault":
      return { kind: "fault", view };
  }
}
