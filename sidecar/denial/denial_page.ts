import type { AccessDenial } from "../access/opening.ts";
import type { Page } from "../page/document.ts";
import { noticePage } from "../page/notice_page.ts";
import { failure, progressOf } from "../page/progress.ts";
import { progressPage } from "../page/progress_page.ts";
import { NOT_ROUTED } from "../view/reasons.ts";
import type { Cause } from "../view/state.ts";
import {
  CROSS_SITE,
  type Denial,
  forbiddenDetail,
  signInDetail,
  tooManyBytesDetail,
  tooManyHeldDetail,
  UNKNOWN,
  unreachableDetail,
  whomToAsk,
} from "./denial.ts";

/** Seconds after which a page reloads, where the obstacle may be gone by then. */
const REFRESH = 5;

/**
 * The page that a browser shows for a denial.
 * @param now milliseconds since the epoch
 * @param baseOrigin where people sign in and out
 */
export function pageOfDenial(denial: Denial, now: number, baseOrigin?: string): Page {
  switch (denial.kind) {
    case "unknown view":
      return noticePage({
        title: "There is no such view",
        text: `There is no view at ${
          denial.host || "this address"
        }. Check the spelling of the name. Or somebody has deleted the view.`,
      });
    case "sign-in":
    case "forbidden":
    case "cross-site":
    case "access-unknown":
      return pageOfAccess(denial, baseOrigin);
    case "invalid spec":
      return noticePage({
        title: `${denial.view} cannot be used`,
        text: "Its specification is not valid. Ask the person who created it to correct it.",
        detail: denial.cause,
      });
    case "failed":
      return progressPage(failure(denial.view, denial.cause, denial.retryAfter));
    case "waiting":
      return progressPage(progressOf(denial.view, denial.state, false, now));
    case "too many held":
      return soon(denial.view, `${tooManyHeldDetail(denial)} This page reloads by itself.`);
    case "too many bytes":
      return soon(denial.view, `${tooManyBytesDetail(denial)} This page reloads by itself.`);
    case "closing":
      return soon(denial.view, "The gateway restarts while the view starts. This page reloads by itself.");
    case "busy":
      return soon(denial.view, `${denial.message} This page reloads by itself.`);
    case "unavailable":
      return soon(denial.view, "Kubernetes cannot start it now. This page reloads by itself.", {
        reason: "KubernetesUnavailable",
        message: denial.message,
      });
    case "launch timeout":
      return soon(denial.view, `It was not launched within ${denial.seconds} s. This page reloads by itself.`, {
        reason: "LaunchTimeout",
        message: `It was waiting for ${denial.waitedFor}.`,
      });
    case "not routed":
      return progressPage(failure(denial.view, { reason: NOT_ROUTED, message: denial.message }));
    case "fault":
      return noticePage({
        title: `${denial.view} cannot be opened`,
        text: "The gateway has failed. Ask the people who run it: the sidecar's log has the cause.",
      });
    case "unreachable":
      return soon(denial.view, "It is awake, but cannot be reached. This page reloads by itself.", {
        reason: "Unreachable",
        message: capitalized(unreachableDetail(denial)),
      });
    case "timeout":
      return soon(denial.view, `It did not start within ${denial.seconds} s. This page reloads by itself.`);
  }
}

function pageOfAccess(denial: AccessDenial, baseOrigin: string | undefined): Page {
  switch (denial.kind) {
    case "sign-in":
      return noticePage({ title: "Sign in", text: signInDetail(denial) });
    case "forbidden":
      return noticePage({
        title: `You may not open ${denial.view}`,
        text: `${forbiddenDetail(denial)} ${whomToAsk(denial)}`,
        link: baseOrigin === undefined ? undefined : { text: "See your views, or sign out", url: `${baseOrigin}/` },
      });
    case "cross-site":
      return noticePage({ title: `${denial.view} cannot be opened this way`, text: CROSS_SITE });
    case "access-unknown":
      return soon(denial.view, `${UNKNOWN} This page reloads by itself.`, {
        reason: "AccessUnknown",
        message: denial.message,
      });
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function soon(view: string, text: string, detail?: Cause): Page {
  return noticePage({
    title: `${view} is not available yet`,
    text,
    ...detail && { detail },
    refresh: REFRESH,
  });
}
