/** This folder answers the requests that the gate denies. */
import type { Problem } from "@view-gateway/types";
import type { AccessDenial } from "../access/opening.ts";
import type { ExceededQuota } from "../async/quota.ts";
import { problem, type ProblemAnswer } from "../http/problem.ts";
import { NOT_ROUTED } from "../view/reasons.ts";
import type { Cause, ViewState } from "../view/state.ts";

/** Why the gate denies a request. */
export type Denial =
  | AccessDenial
  | { readonly kind: "unknown view"; readonly host: string }
  | { readonly kind: "invalid spec"; readonly view: string; readonly cause: Cause }
  /** `retryAfter`: seconds; undefined where the next request starts the view again. */
  | {
    readonly kind: "failed";
    readonly view: string;
    readonly cause: Cause;
    readonly retryAfter: number | undefined;
  }
  /** For a client that can do better than wait: a browser gets a page that shows progress. */
  | { readonly kind: "waiting"; readonly view: string; readonly state: ViewState | undefined }
  | { readonly kind: "too many held"; readonly view: string; readonly full: ExceededQuota }
  /** The bodies of waiting requests use too much memory. */
  | { readonly kind: "too many bytes"; readonly view: string; readonly full: ExceededQuota }
  | { readonly kind: "busy"; readonly view: string; readonly message: string }
  | { readonly kind: "closing"; readonly view: string }
  /** Kubernetes cannot start the view now. */
  | { readonly kind: "unavailable"; readonly view: string; readonly message: string }
  /** `waitedFor`: what the launch was still waiting for. */
  | { readonly kind: "launch timeout"; readonly view: string; readonly seconds: number; readonly waitedFor: string }
  /** Envoy refuses the endpoints; the message is Envoy's. */
  | { readonly kind: "not routed"; readonly view: string; readonly message: string }
  /** The view is awake, but Envoy cannot connect to it. */
  | { readonly kind: "unreachable"; readonly view: string; readonly state: ViewState | undefined }
  /** An error in the gateway; its log has the details. */
  | { readonly kind: "fault"; readonly view: string }
  | {
    readonly kind: "timeout";
    readonly view: string;
    readonly seconds: number;
    readonly state: ViewState | undefined;
  };

/** The answer to a denied request. */
export function answerTo(denial: Denial): ProblemAnswer {
  if (denial.kind === "unknown view") {
    const detail = denial.host
      ? `There is no view at ${denial.host}.`
      : "The request has no Host header, so it names no view.";
    return final(problem(404, "unknown-view", detail));
  }
  const { view } = denial;
  const about = (status: number, kind: string, detail: string, reason?: string) =>
    problem(status, kind, detail, { view, ...reason !== undefined && { reason } });
  switch (denial.kind) {
    case "sign-in":
      return final(about(401, "sign-in", signInDetail(denial)));
    case "forbidden":
      return final(about(403, "forbidden", `${forbiddenDetail(denial)} ${whomToAsk(denial)}`));
    case "cross-site":
      return final(about(403, "cross-site", CROSS_SITE));
    case "access-unknown":
      return temporary(about(503, "access-unknown", `${UNKNOWN} ${denial.message} Try again.`));
    case "invalid spec":
      return final(about(500, "invalid-spec", denial.cause.message, denial.cause.reason));
    case "failed": {
      const { cause, retryAfter } = denial;
      const failed = about(503, "view-failed", `View ${view} cannot start: ${sentence(cause)}`, cause.reason);
      return { problem: failed, retryAfter };
    }
    case "waiting":
      return temporary(about(503, "starting", `View ${view} ${stateIn(denial.state)}.`));
    case "too many held":
      return temporary(about(503, "too-many-held", `${tooManyHeldDetail(denial)} Try again.`));
    case "too many bytes":
      return temporary(about(503, "too-many-bytes", `${tooManyBytesDetail(denial)} Try again.`));
    case "busy":
      return temporary(about(503, "busy", `View ${view} cannot start now: ${denial.message}`));
    case "closing":
      return temporary(about(503, "gateway-closing", `This gateway stops while view ${view} starts. Try again.`));
    case "unavailable":
      return temporary(about(503, "kubernetes-unavailable", `View ${view} cannot start now: ${denial.message}`));
    case "launch timeout": {
      const detail =
        `View ${view} was not launched within ${denial.seconds} s: it was waiting for ${denial.waitedFor}.`;
      return temporary(about(504, "launch-timeout", detail));
    }
    case "not routed": {
      const detail = `View ${view} is awake, but cannot be reached: ${denial.message}`;
      return temporary(about(503, "envoy-rejected", detail, NOT_ROUTED));
    }
    case "fault":
      return final(about(500, "internal", `The gateway failed for view ${view}. The sidecar's log has the cause.`));
    case "unreachable":
      return temporary(about(503, "unreachable", `View ${view} is awake, but ${unreachableDetail(denial)}`));
    case "timeout":
      return temporary(about(504, "timeout", `View ${view} ${stateIn(denial.state)} after ${denial.seconds} s.`));
  }
}

const final = (problem: Problem): ProblemAnswer => ({ problem, retryAfter: undefined });
const temporary = (problem: Problem): ProblemAnswer => ({ problem, retryAfter: 2 });

/** What is missing, or wrong with the token. */
export function signInDetail({ detail = "" }: Denial & { readonly kind: "sign-in" }): string {
  return `Sign in, or send a token for the audience view-gateway: Authorization: Bearer TOKEN. ${detail}`.trim();
}

/** Which user may not open which view. */
export function forbiddenDetail({ view, user }: Denial & { readonly kind: "forbidden" }): string {
  return `You are ${user}. You may not open view ${view}.`;
}

/** Whom to ask for the right. */
export function whomToAsk({ owner }: Denial & { readonly kind: "forbidden" }): string {
  return owner === undefined
    ? "Ask the people who run the gateway for this right."
    : `Ask its owner, ${owner}, to share it with you.`;
}

export const CROSS_SITE =
  "A page of another host sent this request. Only the pages of this host can use your sign-in here.";

export const UNKNOWN = "The gateway cannot check now whether you may open this view.";

/** Why a view that is awake cannot be reached, and what to do. */
export function unreachableDetail({ state }: Denial & { readonly kind: "unreachable" }): string {
  const serving = state?.phase.kind === "awake" ? state.phase.serving : [];
  const at = serving.map(({ address, port }) => `${address} port ${port}`).join(", ");
  return `its pod takes no connections${at && ` at ${at}`}. Its web server must listen on that port, on all ` +
    "addresses. With a readiness probe in the template, requests wait until it does.";
}

/** How many requests already wait. */
export function tooManyHeldDetail({ view, full }: Denial & { readonly kind: "too many held" }): string {
  return `${full.limit} requests already wait for ${scopeOf(view, full)}.`;
}

/** How much memory the bodies of waiting requests may take. */
export function tooManyBytesDetail({ view, full }: Denial & { readonly kind: "too many bytes" }): string {
  const mebibytes = Math.round(full.limit / (1 << 20));
  return `The bodies of requests that wait for ${
    scopeOf(view, full)
  } may take ${mebibytes} MiB in total. This body is too large now.`;
}

function scopeOf(view: string, { of }: ExceededQuota): string {
  return of === "one" ? `view ${view}` : "the views of this gateway";
}

function sentence({ reason, message }: Cause): string {
  return message === "" ? reason : `${reason}: ${message}`;
}

function stateIn(state: ViewState | undefined): string {
  switch (state?.phase.kind) {
    case "starting":
      return `was still starting (${state.start === undefined ? "" : `${state.start} start, `}${state.phase.step})`;
    case "awake":
      return "was awake, but Envoy had not ACKed its endpoints";
    default:
      return "was still asleep";
  }
}
