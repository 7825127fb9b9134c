import type { Page } from "../page/document.ts";
import { noticePage } from "../page/notice_page.ts";
import { failure, progressOf } from "../page/progress.ts";
import { progressPage } from "../page/progress_page.ts";
import { NOT_ROUTED } from "../view/reasons.ts";
import type { Cause } from "../view/state.ts";
import { crowd, type Denial, load, refusing } from "./denial.ts";

/** Seconds after which a page comes back by itself, where what keeps it may have passed. */
const REFRESH = 5;

/**
 * A denial as a person in front of a browser reads it.
 * @param now milliseconds since the epoch
 */
export function pageOfDenial(denial: Denial, now: number): Page {
  switch (denial.kind) {
    case "unknown view":
      return noticePage({
        title: "There is no such view",
        text: `There is no view at ${
          denial.host || "this address"
        }. It may have been deleted, or the name is misspelt.`,
      });
    case "invalid spec":
      return noticePage({
        title: `${denial.view} cannot be used`,
        text: "Its specification is not valid. Whoever made it can mend it.",
        detail: denial.cause,
      });
    case "failed":
      return progressPage(failure(denial.view, denial.cause, denial.retryAfter));
    case "waiting":
      return progressPage(progressOf(denial.view, denial.state, false, now));
    case "too many held":
      return soon(denial.view, `${crowd(denial)} This page comes back by itself.`);
    case "too many bytes":
      return soon(denial.view, `${load(denial)} This page comes back by itself.`);
    case "closing":
      return soon(denial.view, "It is starting, and the gateway is being replaced. This page comes back by itself.");
    case "busy":
      return soon(denial.view, `${denial.message} This page comes back by itself.`);
    case "unavailable":
      return soon(denial.view, "Kubernetes cannot start it now. This page comes back by itself.", {
        reason: "KubernetesUnavailable",
        message: denial.message,
      });
    case "launch timeout":
      return soon(denial.view, `It was not launched within ${denial.seconds} s. This page comes back by itself.`, {
        reason: "LaunchTimeout",
        message: `It still waited for ${denial.waitedFor}.`,
      });
    case "not routed":
      return progressPage(failure(denial.view, { reason: NOT_ROUTED, message: denial.message }));
    case "fault":
      return noticePage({
        title: `${denial.view} cannot be opened`,
        text: "The gateway has failed. Whoever runs it finds the cause in the sidecar's log.",
      });
    case "unreachable":
      return soon(denial.view, "It is awake, but cannot be reached. This page comes back by itself.", {
        reason: "Unreachable",
        message: sentenceCase(refusing(denial)),
      });
    case "timeout":
      return soon(denial.view, `It did not start within ${denial.seconds} s. This page comes back by itself.`);
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function soon(view: string, text: string, detail?: Cause): Page {
  return noticePage({
    title: `${view} has to wait`,
    text,
    ...detail && { detail },
    refresh: REFRESH,
  });
}
