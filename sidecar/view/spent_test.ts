import { equal } from "node:assert/strict";
import { derive } from "./derive.ts";
import type { ViewObjects } from "./objects.ts";
import { condition, job, objects, pod, ready } from "./testing/objects.ts";

Deno.test("a Job that ended after its view was seen to serve is spent, unless its pod crashed", () => {
  const awake = derive(objects({ job: job(), pods: [ready()] }), undefined);
  const spent = (change: Partial<ViewObjects>, previous = awake) => {
    const asleep = derive(objects(change), previous)?.phase;
    return asleep?.kind === "asleep" && asleep.spent === true;
  };
  const overdue = job({ conditions: [condition("Failed", "DeadlineExceeded")] });
  const drained = job({ conditions: [condition("Failed", "BackoffLimitExceeded")] });
  const complete = job({ conditions: [condition("Complete")] });
  equal(spent({ job: overdue }), true);
  equal(spent({ job: drained }), true, "its pod was deleted, as a node's drain does");
  equal(spent({ job: complete, pods: [pod({ phase: "Succeeded" })] }), true);

  equal(spent({ job: drained, pods: [pod({ phase: "Failed" })] }), false, "the log of what crashed stays");
  equal(spent({ job: overdue, pods: [pod({ deleting: true })] }), false, "its pod still ends");
  equal(spent({ job: job({ conditions: [condition("FailureTarget", "DeadlineExceeded")] }) }), false);
  equal(spent({ job: { ...overdue, uid: "job-2" } }), false, "that one was not seen to serve");
  equal(spent({ job: { ...overdue, ownerUid: "service-0" } }), false);
});
