import { deepEqual, equal, match } from "node:assert/strict";
import { beingDeletedCause, blockingFinalizers } from "./deletion.ts";
import { derive } from "./derive.ts";
import { mayStillStart } from "./cause.ts";
import { job, objects, ready } from "./testing/objects.ts";

Deno.test("any finalizer but Kubernetes' own may block a deletion forever", () => {
  deepEqual(blockingFinalizers(["foregroundDeletion", "example.com/hold", "orphan"]), ["example.com/hold"]);
  deepEqual(blockingFinalizers(undefined), []);
});

Deno.test("the cause names the finalizers and says what to do", () => {
  const { reason, message } = beingDeletedCause("Secret", "hello", ["a/b", "c/d"]);
  equal(reason, "SecretBeingDeleted");
  match(
    message,
    /former Secret hello is still being deleted: the finalizers a\/b, c\/d keep it\. Remove the finalizers; then the view can start/,
  );
});

Deno.test("a view whose former Job a finalizer blocks cannot start until the Job is gone", () => {
  const held = { job: job({ deleting: true, blockingFinalizers: ["a/b"] }), pods: [ready()] };
  const phase = derive(objects(held), undefined)?.phase;
  deepEqual(phase, { kind: "failed", job: "job-1", cause: beingDeletedCause("Job", "hello", ["a/b"]) });
  equal(phase.kind === "failed" && mayStillStart(phase.cause), true);
  deepEqual(derive(objects({}), undefined)?.phase, { kind: "asleep", ended: undefined });
});

Deno.test("a view whose Job is being deleted without a blocking finalizer is asleep", () => {
  deepEqual(derive(objects({ job: job({ deleting: true }) }), undefined)?.phase, { kind: "asleep", ended: "job-1" });
});
