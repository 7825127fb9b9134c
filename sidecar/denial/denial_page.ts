import type { AccessDenial } from "../access/opening.ts";
import type { Page } from "../page/document.ts";
import type { Contact } from "../page/contact.ts";
import { noticePage, type NoticeText } from "../page/notice_page.ts";
import { failure, type Progress, progressOf } from "../page/progress.ts";
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

export interface DenialPage {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Where people sign in and out. */
  readonly baseOrigin?: string | undefined;
  /** Whom the reader asks. */
  readonly contact?: Contact | undefined;
  /** Undefined where the request is not traced. */
  readonly traceId?: string | undefined;
}

/** A denial for which the page follows the view's progress. */
type DenialOfStart = Denial & { readonly kind: "failed" | "waiting" | "not routed" };

/** The page that a browser shows for a denial. */
export function pageOfDenial(denial: Denial, { now, baseOrigin, contact, traceId }: DenialPage): Page {
  if (isOfStart(denial)) return progressPage(progressOfDenial(denial, now), { contact, traceId });
  // A reader who opens the view in a tab of its own needs nobody.
  const help = denial.kind === "cross-site" ? {} : { contact, traceId };
  return noticePage({ ...noticeOf(denial, baseOrigin), ...help });
}

function isOfStart(denial: Denial): denial is DenialOfStart {
  return ["failed", "waiting", "not routed"].includes(denial.kind);
}

function progressOfDenial(denial: DenialOfStart, now: number): Progress {
  switch (denial.kind) {
    case "failed":
      return failure(denial.view, denial.cause, denial.retryAfter);
    case "waiting":
      return progressOf(denial.view, denial.state, false, now);
    case "not routed":
      return failure(denial.view, { reason: NOT_ROUTED, message: denial.message });
  }
}

function noticeOf(denial: Exclude<Denial, DenialOfStart>, baseOrigin: string | undefined): NoticeText {
  switch (denial.kind) {
    case "unknown view":
      return {
        title: "There is no such view",
        text: `There is no view at ${
          denial.host || "this address"
        }. Check the spelling of the name. Or somebody has deleted the view.`,
      };
    case "sign-in":
    case "forbidden":
    case "cross-site":
    case "access-unknown":
      return noticeOfAccess(denial, baseOrigin);
    case "invalid spec":
      return {
        title: `${denial.view} cannot be used`,
        text: "Its specification is not valid. Ask the person who created it to correct it.",
        detail: denial.cause,
      };
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
    case "fault":
      return {
        title: `${denial.view} cannot be opened`,
        text: "The gateway has failed. Ask the people who run it: the sidecar's log has the cause.",
      };
    case "unreachable":
      return soon(denial.view, "It is awake, but cannot be reached. This page reloads by itself.", {
        reason: "Unreachable",
        message: capitalized(unreachableDetail(denial)),
      });
    case "timeout":
      return soon(denial.view, `It did not start within ${denial.seconds} s. This page reloads by itself.`);
  }
}

function noticeOfAccess(denial: AccessDenial, baseOrigin: string | undefined): NoticeText {
  switch (denial.kind) {
    case "sign-in":
      return { title: "Sign in", text: signInDetail(denial) };
    case "forbidden":
      return {
        title: `You may not open ${denial.view}`,
        text: `${forbiddenDetail(denial)} ${whomToAsk(denial)}`,
        link: baseOrigin === undefined ? undefined : { text: "See your views, or sign out", url: `${baseOrigin}/` },
      };
    case "cross-site":
      return { title: `${denial.view} cannot be opened this way`, text: CROSS_SITE };
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

function soon(view: string, text: string, detail?: Cause): NoticeText {
  return {
    title: `${view} is not available yet`,
    text,
    ...detail && { detail },
    refresh: REFRESH,
  };
}
