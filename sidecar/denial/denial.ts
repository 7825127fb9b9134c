import type { Problem } from "@view-gateway/types";
import type { ExceededQuota } from "../async/quota.ts";
import { problem, type ProblemAnswer } from "../http/problem.ts";
import { NOT_ROUTED } from "../view/reasons.ts";
import type { Cause, ViewState } from "../view/state.ts";

/** Why the gate does not let a request pass. */
export type Denial =
  | { readonly kind: "unknown view"; readonly host: string }
  | { readonly kind: "invalid spec"; readonly view: string; readonly cause: Cause }
  /** `retryAfter`: seconds; undefined where the next request is another try. */
  | {
    readonly kind: "failed";
    readonly view: string;
    readonly cause: Cause;
    readonly retryAfter: number | undefined;
  }
  /** Only for a client that can do something better than to wait. */
  | { readonly kind: "waiting"; readonly view: string; readonly state: ViewState | undefined }
  | { readonly kind: "too many held"; readonly view: string; readonly full: ExceededQuota }
  /** The bodies of requests that wait. */
  | { readonly kind: "too many bytes"; readonly view: string; readonly full: ExceededQuota }
  | { readonly kind: "busy"; readonly view: string; readonly message: string }
  | { readonly kind: "closing"; readonly view: string }
  /** Kubernetes cannot do its part now. */
  | { readonly kind: "unavailable"; readonly view: string; readonly message: string }
  /** `waitedFor`: what the launch had not been given by then. */
  | { readonly kind: "launch timeout"; readonly view: string; readonly seconds: number; readonly waitedFor: string }
  /** The message is Envoy's. */
  | { readonly kind: "not routed"; readonly view: string; readonly message: string }
  /** It is awake, and Envoy cannot connect to it. */
  | { readonly kind: "unreachable"; readonly view: string; readonly state: ViewState | undefined }
  /** Of the gateway's own; its log tells more. */
  | { readonly kind: "fault"; readonly view: string }
  | {
    readonly kind: "timeout";
    readonly view: string;
    readonly seconds: number;
    readonly state: ViewState | undefined;
  };

/** The answer to a denied request. */
export function answer(denial: Denial): ProblemAnswer {
  switch (denial.kind) {
    case "unknown view":
      return now(problem(404, "unknown-view", `There is no view at ${denial.host || "a request without Host"}.`));
    case "invalid spec":
      return now(
        problem(500, "invalid-spec", denial.cause.message, { view: denial.view, reason: denial.cause.reason }),
      );
    case "failed":
      return {
        problem: problem(503, "view-failed", `View ${denial.view} cannot start: ${sentence(denial.cause)}`, {
          view: denial.view,
          reason: denial.cause.reason,
        }),
        retryAfter: denial.retryAfter,
      };
    case "waiting":
      return later(problem(503, "starting", `View ${denial.view} ${doing(denial.state)}.`, { view: denial.view }));
    case "too many held":
      return later(problem(503, "too-many-held", `${crowd(denial)} Try again.`, { view: denial.view }));
    case "too many bytes":
      return later(problem(503, "too-many-bytes", `${load(denial)} Try again.`, { view: denial.view }));
    case "busy":
      return later(problem(503, "busy", `View ${denial.view} cannot be started now: ${denial.message}`, {
        view: denial.view,
      }));
    case "closing":
      return later(problem(503, "gateway-closing", `This gateway ends while view ${denial.view} starts. Try again.`, {
        view: denial.view,
      }));
    case "unavailable":
      return later(
        problem(503, "kubernetes-unavailable", `View ${denial.view} cannot be started now: ${denial.message}`, {
          view: denial.view,
        }),
      );
    case "launch timeout":
      return later(
        problem(
          504,
          "launch-timeout",
          `View ${denial.view} was not launched within ${denial.seconds} s; it still waited for ${denial.waitedFor}.`,
          { view: denial.view },
        ),
      );
    case "not routed":
      return later(
        problem(503, "envoy-rejected", `View ${denial.view} is awake, and cannot be reached: ${denial.message}`, {
          view: denial.view,
          reason: NOT_ROUTED,
        }),
      );
    case "fault":
      return now(
        problem(500, "internal", `The gateway has failed at view ${denial.view}; the sidecar's log tells why.`, {
          view: denial.view,
        }),
      );
    case "unreachable":
      return later(problem(503, "unreachable", `View ${denial.view} is awake, but ${refusing(denial)}`, {
        view: denial.view,
      }));
    case "timeout":
      return later(problem(504, "timeout", `View ${denial.view} ${doing(denial.state)} after ${denial.seconds} s.`, {
        view: denial.view,
      }));
  }
}

const now = (problem: Problem): ProblemAnswer => ({ problem, retryAfter: undefined });
const later = (problem: Problem): ProblemAnswer => ({ problem, retryAfter: 2 });

/** What keeps a view that is awake from being reached, and what to do. */
export function refusing({ state }: Denial & { readonly kind: "unreachable" }): string {
  const serving = state?.phase.kind === "awake" ? state.phase.serving : [];
  const at = serving.map(({ address, port }) => `${address} port ${port}`).join(", ");
  return `its pod takes no connections${at && ` at ${at}`}. Its web server has to listen on that port, at all ` +
    "addresses. With a readiness probe in its template, requests wait until it does.";
}

/** Who already waits. */
export function crowd({ view, full }: Denial & { readonly kind: "too many held" }): string {
  return `${full.limit} requests already wait for ${whom(view, full)}.`;
}

/** How much already waits. */
export function load({ view, full }: Denial & { readonly kind: "too many bytes" }): string {
  const mebibytes = Math.round(full.limit / (1 << 20));
  return `The bodies of requests that wait for ${
    whom(view, full)
  } may take ${mebibytes} MiB, and this one is too much.`;
}

function whom(view: string, { of }: ExceededQuota): string {
  return of === "view" ? `view ${view}` : "views at this gateway";
}

function sentence({ reason, message }: Cause): string {
  return message === "" ? reason : `${reason}: ${message}`;
}

function doing(state: ViewState | undefined): string {
  switch (state?.phase.kind) {
    case "starting":
      return `was still starting (${state.phase.step})`;
    case "awake":
      return "was awake, but its Envoy had not taken over its endpoints";
    default:
      return "was still asleep";
  }
}
