import { deepEqual, equal } from "node:assert/strict";
import type { Phase, ViewState } from "../view/state.ts";
import { decide } from "./decide.ts";

const view = (phase: Phase, spec: ViewState["spec"] = { subsets: [] }): ViewState => ({
  name: "hello",
  uid: "service-1",
  createdAt: "2026-01-01T00:00:00Z",
  spec,
  phase,
  draining: [],
  served: undefined,
});
const first = { first: true, launches: 0 };
const later = { first: false, launches: 1 };
const failed: Phase = { kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no such image" } };

Deno.test("a request for a view that is awake passes", () => {
  deepEqual(decide(view({ kind: "awake", job: "job-1", serving: [] }), first), { kind: "pass" });
});

Deno.test("a request for a view that is asleep launches it", () => {
  deepEqual(decide(view({ kind: "asleep", ended: undefined }), first), { kind: "launch" });
});

Deno.test("a request for a view that starts waits; while there is no pod it joins the launch", () => {
  deepEqual(decide(view({ kind: "starting", job: "job-1", step: "scheduling" }), first), { kind: "wait" });
  deepEqual(decide(view({ kind: "starting", job: "job-1", step: "no pod" }), first), { kind: "launch" });
});

Deno.test("a failure that stood before the request came is worth another start", () => {
  deepEqual(decide(view(failed), first), { kind: "launch" });
});

Deno.test("a failure that the request waited for is its answer", () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  deepEqual(decide(view(failed), later), { kind: "deny", denial: { kind: "failed", view: "hello", cause } });
});

Deno.test("a spec that is not valid is never launched", () => {
  const cause = { reason: "InvalidSpec", message: "not JSON" };
  const broken = { ...view({ kind: "failed", job: undefined, cause }), spec: undefined };
  deepEqual(decide(broken, first), { kind: "deny", denial: { kind: "invalid spec", view: "hello", cause } });
});

Deno.test("a view that ends again and again is launched three times for one request, not for ever", () => {
  const asleep = view({ kind: "asleep", ended: "job-1" });
  equal(decide(asleep, { first: false, launches: 2 }).kind, "launch");
  equal(decide(asleep, { first: false, launches: 3 }).kind, "deny");
});
