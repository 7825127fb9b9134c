import type { Denial } from "./denial.ts";
import type { LaunchOutcome } from "../launch/launcher.ts";

/** The denial of a request whose view could not be launched; undefined where the launch succeeded. */
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
