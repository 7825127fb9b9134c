import { deepEqual, equal, notEqual } from "node:assert/strict";
import { digestOf, readAttempt, withAttempt } from "./attempt.ts";

const job = { metadata: { name: "hello", annotations: { note: "kept" } }, spec: { template: {} } };

Deno.test("what is noted on a Job is read from it again, and its own annotations stay", () => {
  const { annotations } = withAttempt(job, 3, "abc").metadata!;
  deepEqual(readAttempt(annotations), { failures: 3, digest: "abc" });
  equal(annotations?.note, "kept");
});

Deno.test("no failure is not noted", () => {
  deepEqual(readAttempt(withAttempt(job, 0, "abc").metadata!.annotations), { digest: "abc" });
});

Deno.test("annotations that tell nothing, or nonsense, tell of no failures", () => {
  deepEqual(readAttempt(undefined), {});
  for (const text of ["", "-1", "1.5", "many", "1e400"]) {
    deepEqual(readAttempt({ "view.yolean.se/failures": text }), {});
  }
});

Deno.test("a digest stands for all of a Job", () => {
  equal(digestOf(job), digestOf(structuredClone(job)));
  notEqual(digestOf(job), digestOf({ ...job, spec: { ...job.spec, backoffLimit: 1 } }));
});
