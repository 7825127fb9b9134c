import { deepEqual, equal } from "node:assert/strict";
import { viewState } from "../view/testing/view_state.ts";
import { again, type Failure, failureOf, retryAfter } from "./retry_policy.ts";

const failedAt = "2026-01-01T00:01:00Z";
const now = Date.parse(failedAt);
const cause = { reason: "ErrImagePull", message: "no such image" };
const failure = (failures: number, said = cause): Failure => ({
  cause: said,
  attempt: { createdAt: "2026-01-01T00:00:00Z", failures, digest: "abc", failedAt },
});

Deno.test("what has not failed is tried", () => {
  deepEqual(again(undefined, "abc", now), { kind: "try", failures: 0 });
});

Deno.test("after a first failure the next request tries again at once", () => {
  deepEqual(again(failure(0), "abc", now), { kind: "try", failures: 1 });
});

Deno.test("after further failures there is a pause, in which the cause is the answer", () => {
  deepEqual(again(failure(2), "abc", now + 500), { kind: "pause", cause, seconds: 4 });
  deepEqual(again(failure(2), "abc", now + 4_000), { kind: "try", failures: 3 });
});

Deno.test("what has changed since does not wait for what it was", () => {
  deepEqual(again(failure(9), "def", now), { kind: "try", failures: 0 });
});

Deno.test("a pod that Kubernetes still looks for a node for is not replaced by another", () => {
  const unschedulable = failure(0, { reason: "Unschedulable", message: "no room" });
  equal(again(unschedulable, "abc", now + 3_600_000).kind, "pause");
  equal(again(unschedulable, "def", now).kind, "try");
  equal(retryAfter(unschedulable, now), 5);
});

Deno.test("a failure is an attempt's: an invalid spec is none, nor is an invalid template", () => {
  equal(failureOf(viewState({ kind: "failed", job: undefined, cause }, { spec: undefined })), undefined);
  const { attempt } = failure(0);
  const invalid = { reason: "InvalidTemplate", message: "There is no template gold." };
  equal(failureOf(viewState({ kind: "failed", job: "job-1", cause: invalid }, { attempt })), undefined);
  equal(failureOf(viewState({ kind: "asleep", ended: "job-1" }, { attempt })), undefined);
  deepEqual(failureOf(viewState({ kind: "failed", job: "job-1", cause }, { attempt })), { cause, attempt });
});
