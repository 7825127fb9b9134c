import { deepEqual, equal } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { decide } from "./decide.ts";

const now = Date.parse("2026-01-01T00:01:00Z");
const first = { first: true, launches: 0 };
const later = { first: false, launches: 1 };
const failed: ViewPhase = { kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no such image" } };

Deno.test("a request for a view that is awake passes", () => {
  deepEqual(decide(viewState({ kind: "awake", job: "job-1", serving: [] }), first, now), { kind: "pass" });
});

Deno.test("a request for a view that is asleep launches it", () => {
  deepEqual(decide(viewState(), first, now), { kind: "launch" });
});

Deno.test("a request for a view that starts waits", () => {
  deepEqual(decide(viewState({ kind: "starting", job: "job-1", step: "scheduling" }), first, now), { kind: "wait" });
});

Deno.test("a request for a view that has failed before launches it again", () => {
  deepEqual(decide(viewState(failed), first, now), { kind: "launch" });
});

Deno.test("a request that waited for a start that failed gets the failure", () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  const denial = { kind: "failed", view: "hello", cause, retryAfter: undefined };
  deepEqual(decide(viewState(failed), later, now), { kind: "deny", denial });
});

Deno.test("a view with an invalid spec is never launched", () => {
  const cause = { reason: "InvalidSpec", message: "not JSON" };
  const broken = { ...viewState({ kind: "failed", job: undefined, cause }), spec: undefined };
  deepEqual(decide(broken, first, now), { kind: "deny", denial: { kind: "invalid spec", view: "hello", cause } });
  const unreachable = viewState({ kind: "failed", job: "job-1", cause });
  deepEqual(decide(unreachable, first, now), { kind: "deny", denial: { kind: "invalid spec", view: "hello", cause } });
});

Deno.test("a view that cannot start until its template changes is never launched, and each request gets the cause", () => {
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  const denial = { kind: "failed", view: "hello", cause, retryAfter: undefined };
  deepEqual(decide(viewState({ kind: "failed", job: "job-1", cause }), first, now), { kind: "deny", denial });
});

Deno.test("a view that keeps ending is launched three times for one request at most", () => {
  const asleep = viewState({ kind: "asleep", ended: "job-1" });
  equal(decide(asleep, { first: false, launches: 2 }, now).kind, "launch");
  equal(decide(asleep, { first: false, launches: 3 }, now).kind, "deny");
});

Deno.test("a failure says when a request starts the view again", () => {
  const again = (failures: number) => {
    const attempt = { createdAt: "2026-01-01T00:00:00Z", failures, failedAt: "2026-01-01T00:00:59Z" };
    const decision = decide({ ...viewState(failed), attempt }, later, now);
    return decision.kind === "deny" && decision.denial.kind === "failed" && decision.denial.retryAfter;
  };
  equal(again(0), undefined);
  equal(again(4), 15);
});
