import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { validate } from "@view-gateway/types";
import type { ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { answerTo, type Denial } from "./denial.ts";

const cause = { reason: "ErrImagePull", message: "no such image" };
const starting = viewState({ kind: "starting", job: "job-1", step: "scheduling" });
const timeout = (state: ViewState | undefined): Denial => ({ kind: "timeout", view: "hello", seconds: 120, state });

const DENIALS: { readonly [Kind in Denial["kind"]]: Denial & { readonly kind: Kind } } = {
  "unknown view": { kind: "unknown view", host: "nope.localhost" },
  "sign-in": { kind: "sign-in", view: "hello" },
  forbidden: { kind: "forbidden", view: "hello", user: "oidc:bob", owner: "oidc:alice" },
  "cross-site": { kind: "cross-site", view: "hello" },
  "access-unknown": { kind: "access-unknown", view: "hello", message: "The API server cannot be reached." },
  "invalid spec": {
    kind: "invalid spec",
    view: "hello",
    cause: { reason: "InvalidSpec", message: "The annotation is not JSON" },
  },
  "failed": { kind: "failed", view: "hello", cause, retryAfter: undefined },
  "waiting": { kind: "waiting", view: "hello", state: starting },
  "too many held": { kind: "too many held", view: "hello", full: { of: "one", limit: 1_000 } },
  "too many bytes": { kind: "too many bytes", view: "hello", full: { of: "all", limit: 64 << 20 } },
  "busy": { kind: "busy", view: "hello", message: "The gateway already launches 10 other views, which is the limit." },
  "closing": { kind: "closing", view: "hello" },
  "unavailable": { kind: "unavailable", view: "hello", message: "connection refused" },
  "launch timeout": { kind: "launch timeout", view: "hello", seconds: 30, waitedFor: "Kubernetes to create its Job" },
  "not routed": { kind: "not routed", view: "hello", message: 'Envoy refuses ClusterLoadAssignment "hello": no port' },
  "unreachable": { kind: "unreachable", view: "hello", state: undefined },
  "fault": { kind: "fault", view: "hello" },
  "timeout": { kind: "timeout", view: "hello", seconds: 120, state: starting },
};

Deno.test("each denial has its status", () => {
  const statuses = Object.fromEntries(
    Object.entries(DENIALS).map(([kind, one]) => [kind, answerTo(one).problem.status]),
  );
  deepEqual(statuses, {
    "sign-in": 401,
    forbidden: 403,
    "cross-site": 403,
    "access-unknown": 503,
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
  Deno.test(`the answer to a denial is a problem document that names its view, and Envoy does not retry it: ${denial.kind}`, () => {
    const { problem } = answerTo(denial);
    deepEqual(validate("Problem", structuredClone(problem)), { value: problem });
    // What the gate's local replies take for the sidecar's own failure.
    notEqual(problem.status, 502);
    if ("view" in denial) equal(problem.view, "hello");
    ok(problem.detail.length > 10);
  });
}

Deno.test("a refused user is told their name, and whom to ask", () => {
  const detail = (denial: Denial) => answerTo(denial).problem.detail;
  equal(
    detail(DENIALS.forbidden),
    "You are oidc:bob. You may not open view hello. Ask its owner, oidc:alice, to share it with you.",
  );
  match(detail({ kind: "forbidden", view: "hello", user: "oidc:bob" }), /Ask the people who run the gateway/);
  match(detail(DENIALS["access-unknown"]), /The API server cannot be reached\. Try again\.$/);
});

Deno.test("an answer 401 says how to sign in, and what is wrong with the token", () => {
  const { detail } = answerTo(DENIALS["sign-in"]).problem;
  match(detail, /Authorization: Bearer TOKEN\.$/);
  const refused: Denial = { ...DENIALS["sign-in"], detail: "The token has expired." };
  equal(answerTo(refused).problem.detail, `${detail} The token has expired.`);
});

Deno.test("a failure names the cause, in Kubernetes' own words", () => {
  const { problem } = answerTo(DENIALS.failed);
  equal(problem.reason, "ErrImagePull");
  equal(problem.detail, "View hello cannot start: ErrImagePull: no such image");
  match(answerTo({ ...DENIALS.failed, cause: { ...cause, message: "" } }).problem.detail, /: ErrImagePull$/);
});

Deno.test("temporary denials say when to retry, and others do not", () => {
  const later = Object.values(DENIALS).filter((denial) => answerTo(denial).retryAfter !== undefined);
  deepEqual(later.map(({ kind }) => kind).toSorted(), [
    "access-unknown",
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
  equal(answerTo({ ...DENIALS.failed, retryAfter: 40 }).retryAfter, 40);
});

Deno.test("the problem of a view that cannot be reached says where its pod must listen", () => {
  const serving = [{ address: "10.0.0.1", port: 8080 }];
  const state = viewState({ kind: "awake", job: "job-1", serving });
  match(
    answerTo({ ...DENIALS.unreachable, state }).problem.detail,
    /no connections at 10\.0\.0\.1 port 8080\. .*readiness/,
  );
  match(answerTo(DENIALS.unreachable).problem.detail, /takes no connections\./);
});

Deno.test("a timeout shows how far the view had come", () => {
  const detail = (state: ViewState | undefined) => answerTo(timeout(state)).problem.detail;
  match(detail(starting), /still starting \(scheduling\) after 120 s/);
  match(detail({ ...starting, start: "cold" }), /still starting \(cold start, scheduling\) after 120 s/);
  match(detail(viewState({ kind: "awake", job: "job-1", serving: [] })), /Envoy had not ACKed its endpoints/);
  match(detail(viewState()), /still asleep/);
  match(detail(undefined), /still asleep/);
});

Deno.test("each obstacle to a launch has a type of its own, and does not blame Kubernetes", () => {
  const typeAndDetail = (denial: Denial) => {
    const { type, detail } = answerTo(denial).problem;
    return [type.split(":").at(-1), detail];
  };
  deepEqual(typeAndDetail(DENIALS["launch timeout"]), [
    "launch-timeout",
    "View hello was not launched within 30 s: it was waiting for Kubernetes to create its Job.",
  ]);
  deepEqual(typeAndDetail(DENIALS["not routed"]), [
    "envoy-rejected",
    'View hello is awake, but cannot be reached: Envoy refuses ClusterLoadAssignment "hello": no port',
  ]);
  deepEqual(typeAndDetail(DENIALS.fault), [
    "internal",
    "The gateway failed for view hello. The sidecar's log has the cause.",
  ]);
  deepEqual(typeAndDetail(DENIALS.unavailable), [
    "kubernetes-unavailable",
    "View hello cannot start now: connection refused",
  ]);
});

Deno.test("the answer to a request without a Host header says so", () => {
  match(answerTo({ kind: "unknown view", host: "" }).problem.detail, /no Host header/);
});
