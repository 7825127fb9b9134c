import { deepEqual, equal, match } from "node:assert/strict";
import { beingDeletedCause, blockingFinalizers } from "./deletion.ts";
import { derive } from "./derive.ts";
import { mayStillStart } from "./cause.ts";
import { job, objects, pod, slice } from "./testing/objects.ts";

Deno.test("a finalizer of anybody's may keep an object for ever; Kubernetes takes away its own", () => {
  deepEqual(blockingFinalizers(["foregroundDeletion", "example.com/hold", "orphan"]), ["example.com/hold"]);
  deepEqual(blockingFinalizers(undefined), []);
});

Deno.test("what keeps an object is named, and what there is to do", () => {
  const { reason, message } = beingDeletedCause("Secret", "hello", ["a/b", "c/d"]);
  equal(reason, "SecretBeingDeleted");
  match(message, /former Secret hello is still being deleted: the finalizers a\/b, c\/d keep it\. Whoever has set/);
});

Deno.test("given a Job that a finalizer keeps, its view cannot start, and may by itself once the Job is gone", () => {
  const held = { job: job({ deleting: true, blockingFinalizers: ["a/b"] }), pods: [pod()], slices: [slice({})] };
  const phase = derive(objects(held), undefined)?.phase;
  deepEqual(phase, { kind: "failed", job: "job-1", cause: beingDeletedCause("Job", "hello", ["a/b"]) });
  equal(phase.kind === "failed" && mayStillStart(phase.cause), true);
  deepEqual(derive(objects({}), undefined)?.phase, { kind: "asleep", ended: undefined });
});

Deno.test("given a Job that is being deleted and that nobody keeps, its view is asleep", () => {
  deepEqual(derive(objects({ job: job({ deleting: true }) }), undefined)?.phase, { kind: "asleep", ended: "job-1" });
});
