import { deepEqual, equal } from "node:assert/strict";
import { isOnlyFoundByLaunch } from "./cause.ts";
import { derive } from "./derive.ts";
import { condition, job, objects, ready } from "./testing/objects.ts";

const cause = { reason: "NoSuchBucket", message: "The lake has no bucket lke." };
const refused = { uid: "service-1", cause };

Deno.test("a view whose launch created no Job has failed without an attempt", () => {
  const state = derive(objects({ refused }), undefined);
  deepEqual([state?.phase, state?.attempt], [{ kind: "failed", job: undefined, cause }, undefined]);
  const ended = job({ conditions: [condition("Failed", "DeadlineExceeded")] });
  const after = derive(objects({ refused, job: ended }), undefined);
  equal(after?.phase.kind === "failed" && after.phase.job, "job-1");
  equal(after?.attempt, undefined);
});

Deno.test("a running Job's phase and an invalid template count more than a refused launch", () => {
  const running = { job: job(), pods: [ready()] };
  equal(derive(objects({ refused, ...running }), undefined)?.phase.kind, "awake");
  const invalid = { reason: "InvalidTemplate", message: "no" };
  const broken = derive(objects({ refused }), undefined, () => ({ cause: invalid }))?.phase;
  deepEqual(broken?.kind === "failed" && broken.cause, invalid);
});

Deno.test("only causes that the watches do not show come from launches", () => {
  const found = (reason: string) => isOnlyFoundByLaunch({ reason, message: "" });
  deepEqual(["NoSuchBucket", "JobNameTaken", "SecretBeingDeleted", "Forbidden"].map(found), [true, true, true, true]);
  deepEqual(["InvalidTemplate", "InvalidSpec", "JobBeingDeleted", "Unschedulable"].map(found), [
    false,
    false,
    false,
    false,
  ]);
});
