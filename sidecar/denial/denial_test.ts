import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { answer, type Denial } from "./denial.ts";

const cause = { reason: "ErrImagePull", message: "no such image" };
const starting = viewState({ kind: "starting", job: "job-1", step: "scheduling" });
const timeout = (state: ViewState | undefined): Denial => ({ kind: "timeout", view: "hello", seconds: 120, state });

const DENIALS: { readonly [Kind in Denial["kind"]]: Denial & { readonly kind: Kind } } = {
  "unknown view": { kind: "unknown view", host: "nope.localhost" },
  "invalid spec": {
    kind: "invalid spec",
    view: "hello",
    cause: { reason: "InvalidSpec", message: "The annotation is not JSON" },
  },
  "failed": { kind: "failed", view: "hello", cause, retryAfter: undefined },
  "waiting": { kind: "waiting", view: "hello", state: starting },
  "too many held": { kind: "too many held", view: "hello", full: { of: "view", limit: 1_000 } },
  "too many bytes": { kind: "too many bytes", view: "hello", full: { of: "all", limit: 64 << 20 } },
  "busy": { kind: "busy", view: "hello", message: "10 other views are being launched." },
  "closing": { kind: "closing", view: "hello" },
  "unavailable": { kind: "unavailable", view: "hello", message: "connection refused" },
  "launch timeout": { kind: "launch timeout", view: "hello", seconds: 30, waitedFor: "Kubernetes to create its Job" },
  "not routed": { kind: "not routed", view: "hello", message: 'Envoy refuses ClusterLoadAssignment "hello": no port' },
  "unreachable": { kind: "unreachable", view: "hello", state: undefined },
  "fault": { kind: "fault", view: "hello" },
  "timeout": { kind: "timeout", view: "hello", seconds: 120, state: starting },
};

Deno.test("each denial has its status", () => {
  const statuses = Object.fromEntries(Object.entries(DENIALS).map(([kind, one]) => [kind, answer(one).problem.status]));
  deepEqual(statuses, {
    "unknown view": 404,
    "invalid spec": 500,
    "failed": 503,
    "waiting": 503,
    "too many held": 503,
    "too many bytes": 503,
    "busy": 503,
    "closing": 503,
    "unavailable": 503,
    "launch timeout": 504,
    "not routed": 503,
    "unreachable": 503,
    "fault": 500,
    "timeout": 504,
  });
});

for (const denial of Object.values(DENIALS)) {
  Deno.test(`a denial is a problem document that names its view, and nothing that Envoy tries again: ${denial.kind}`, () => {
    const { problem } = answer(denial);
    deepEqual(validate("Problem", structuredClone(problem)), { value: problem });
    // What the gate's local replies take for the sidecar's own failure.
    notEqual(problem.status, 502);
    if ("view" in denial) equal(problem.view, "hello");
    ok(problem.detail.length > 10);
  });
}

Deno.test("a failure names the cause, in Kubernetes' own words", () => {
  const { problem } = answer(DENIALS.failed);
  equal(problem.reason, "ErrImagePull");
  equal(problem.detail, "View hello cannot start: ErrImagePull: no such image");
  match(answer({ ...DENIALS.failed, cause: { ...cause, message: "" } }).problem.detail, /: ErrImagePull$/);
});

Deno.test("what may be better soon says when to come again, and what will not does not", () => {
  const later = Object.values(DENIALS).filter((denial) => answer(denial).retryAfter !== undefined);
  deepEqual(later.map(({ kind }) => kind).toSorted(), [
    "busy",
    "closing",
    "launch timeout",
    "not routed",
    "timeout",
    "too many bytes",
    "too many held",
    "unavailable",
    "unreachable",
    "waiting",
  ]);
  equal(answer({ ...DENIALS.failed, retryAfter: 40 }).retryAfter, 40);
});

Deno.test("of a view that is awake and cannot be reached it is told where its pod should listen", () => {
  const serving = [{ address: "10.0.0.1", port: 8080 }];
  const state = viewState({ kind: "awake", job: "job-1", serving });
  match(
    answer({ ...DENIALS.unreachable, state }).problem.detail,
    /no connections at 10\.0\.0\.1 port 8080\. .*readiness/,
  );
  match(answer(DENIALS.unreachable).problem.detail, /takes no connections\./);
});

Deno.test("a time-out tells how far the view had come", () => {
  const detail = (state: ViewState | undefined) => answer(timeout(state)).problem.detail;
  match(detail(starting), /still starting \(scheduling\) after 120 s/);
  match(detail(viewState({ kind: "awake", job: "job-1", serving: [] })), /Envoy had not taken over its endpoints/);
  match(detail(viewState()), /still asleep/);
  match(detail(undefined), /still asleep/);
});

Deno.test("what kept a launch, or the way to a view, is told by its own name and not as Kubernetes'", () => {
  const told = (denial: Denial) => {
    const { type, detail } = answer(denial).problem;
    return [type.split(":").at(-1), detail];
  };
  deepEqual(told(DENIALS["launch timeout"]), [
    "launch-timeout",
    "View hello was not launched within 30 s; it still waited for Kubernetes to create its Job.",
  ]);
  deepEqual(told(DENIALS["not routed"]), [
    "envoy-rejected",
    'View hello is awake, and cannot be reached: Envoy refuses ClusterLoadAssignment "hello": no port',
  ]);
  deepEqual(told(DENIALS.fault), ["internal", "The gateway has failed at view hello; the sidecar's log tells why."]);
  deepEqual(told(DENIALS.unavailable), [
    "kubernetes-unavailable",
    "View hello cannot be started now: connection refused",
  ]);
});

Deno.test("a request without a host is told so", () => {
  match(answer({ kind: "unknown view", host: "" }).problem.detail, /without Host/);
});
