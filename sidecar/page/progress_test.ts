import { deepEqual, equal, match } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { beginning, failure, progressOf, STEPS } from "./progress.ts";

const createdAt = "2026-01-01T00:00:00Z";
const now = Date.parse(createdAt) + 12_400;
const view = (phase: ViewPhase, failures = 0) =>
  viewState(phase, { attempt: { createdAt, failures, failedAt: "2026-01-01T00:00:10Z" } });
const progress = (phase: ViewPhase, routed = true, failures?: number) =>
  progressOf("hello", view(phase, failures), routed, now);
const failed = (reason: string): ViewPhase => ({ kind: "failed", job: "job-1", cause: { reason, message: "no" } });

Deno.test("a start goes through its steps, and shows how long it takes", () => {
  const steps = ["no pod", "scheduling", "creating container", "waiting for readiness"] as const;
  const shown = steps.map((step) => progress({ kind: "starting", job: "job-1", step }));
  deepEqual(shown.map(({ step, elapsed, goesOn }) => [step, elapsed, goesOn]), [
    [0, 12, true],
    [1, 12, true],
    [2, 12, true],
    [3, 12, true],
  ]);
});

Deno.test("a start shows whether it is warm or cold, once that is known", () => {
  const starting: ViewPhase = { kind: "starting", job: "job-1", step: "assigning" };
  const { start, elapsed, step, text } = progressOf("hello", { ...view(starting), start: "warm" }, true, now);
  deepEqual([start, elapsed, step], ["warm", 12, 3]);
  match(text, /tells a pod of the warm pool which view it is/);
  equal(beginning({ elapsed: 12, start: "warm" }), "Started 12 s ago (warm start)");
  equal(beginning(progress(starting)), "Started 12 s ago");
  equal(beginning({}), "");
});

Deno.test("a view that is awake is opened once Envoy can reach it", () => {
  const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
  deepEqual([progress(awake, false).phase, progress(awake, false).step], ["starting", STEPS.length - 1]);
  deepEqual([progress(awake).phase, progress(awake).goesOn], ["awake", false]);
});

Deno.test("the progress shows that a view is deleted, or asleep", () => {
  equal(progressOf("hello", undefined, false, now).phase, "deleted");
  equal(progress({ kind: "asleep", ended: undefined }).goesOn, true);
});

Deno.test("a failure shows the step that failed", () => {
  const step = (reason: string) => progress(failed(reason)).step;
  deepEqual(["FailedCreate", "Forbidden", "JobNameTaken", "JobBeingDeleted", "InvalidTemplate"].map(step), [
    0,
    0,
    0,
    0,
    0,
  ]);
  equal(step("Unschedulable"), 1);
  equal(step("EnvoyRejected"), 4);
  const creating = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError", "StartError"];
  deepEqual(creating.map(step), [2, 2, 2, 2, 2]);
  deepEqual(["Error", "OOMKilled", "DeadlineExceeded", "Completed", "Evicted"].map(step), [3, 3, 3, 3, 3]);
});

Deno.test("a failure shows when a request can start the view again", () => {
  equal(progress(failed("Error")).pause, undefined);
  equal(progress(failed("Error"), true, 3).pause, 6);
});

Deno.test("a failure that needs a change ends by itself after the change", () => {
  const { goesOn, pause, text } = failure("hello", { reason: "InvalidTemplate", message: "There is no gold." }, 5);
  deepEqual([goesOn, pause], [true, undefined]);
  match(text, /until somebody corrects this/);
});

Deno.test("a failure that Kubernetes keeps working on may end by itself", () => {
  const { goesOn, pause, text } = failure("hello", { reason: "Unschedulable", message: "no room" }, 5);
  deepEqual([goesOn, pause], [true, undefined]);
  match(text, /keeps trying/);
});
