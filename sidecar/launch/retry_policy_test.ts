import { deepEqual, equal } from "node:assert/strict";
import { viewState } from "../view/testing/view_state.ts";
import { retryAfter, retryDecision, type StartFailure, startFailureOf } from "./retry_policy.ts";

const failedAt = "2026-01-01T00:01:00Z";
const now = Date.parse(failedAt);
const cause = { reason: "ErrImagePull", message: "no such image" };
const failure = (failures: number, said = cause): StartFailure => ({
  cause: said,
  attempt: { createdAt: "2026-01-01T00:00:00Z", failures, digest: "abc", failedAt },
});

Deno.test("a view that has not failed starts at once", () => {
  deepEqual(retryDecision(undefined, "abc", now), { kind: "try", failures: 0 });
});

Deno.test("after a first failure, the next request starts the view at once", () => {
  deepEqual(retryDecision(failure(0), "abc", now), { kind: "try", failures: 1 });
});

Deno.test("after further failures there is a pause, during which requests get the cause", () => {
  deepEqual(retryDecision(failure(2), "abc", now + 500), { kind: "pause", cause, seconds: 4 });
  deepEqual(retryDecision(failure(2), "abc", now + 4_000), { kind: "try", failures: 3 });
});

Deno.test("a view that has changed since the failure does not pause", () => {
  deepEqual(retryDecision(failure(9), "def", now), { kind: "try", failures: 0 });
});

Deno.test("a pod that Kubernetes still schedules is not replaced", () => {
  const unschedulable = failure(0, { reason: "Unschedulable", message: "no room" });
  equal(retryDecision(unschedulable, "abc", now + 3_600_000).kind, "pause");
  equal(retryDecision(unschedulable, "def", now).kind, "try");
  equal(retryAfter(unschedulable, now), 5);
});

Deno.test("an invalid spec or template is no failed attempt", () => {
  equal(startFailureOf(viewState({ kind: "failed", job: undefined, cause }, { spec: undefined })), undefined);
  const { attempt } = failure(0);
  const invalid = { reason: "InvalidTemplate", message: "There is no template gold." };
  equal(startFailureOf(viewState({ kind: "failed", job: "job-1", cause: invalid }, { attempt })), undefined);
  equal(startFailureOf(viewState({ kind: "asleep", ended: "job-1" }, { attempt })), undefined);
  deepEqual(startFailureOf(viewState({ kind: "failed", job: "job-1", cause }, { attempt })), { cause, attempt });
});
