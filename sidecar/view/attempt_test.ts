import { deepEqual, equal, notEqual } from "node:assert/strict";
import { digestOf, readAttempt, withAttempt } from "./attempt.ts";

const job = { metadata: { name: "hello", annotations: { note: "kept" } }, spec: { template: {} } };

Deno.test("a Job's annotations are read as they were written, and its other annotations stay", () => {
  const { annotations } = withAttempt(job, 3, "abc").metadata!;
  deepEqual(readAttempt(annotations), { failures: 3, digest: "abc" });
  equal(annotations?.note, "kept");
});

Deno.test("without a failure there is no annotation of failures", () => {
  deepEqual(readAttempt(withAttempt(job, 0, "abc").metadata!.annotations), { digest: "abc" });
});

Deno.test("missing or invalid annotations mean no failures", () => {
  deepEqual(readAttempt(undefined), {});
  for (const text of ["", "-1", "1.5", "many", "1e400"]) {
    deepEqual(readAttempt({ "view.yolean.se/failures": text }), {});
  }
});

Deno.test("a digest depends on all of a Job", () => {
  equal(digestOf(job), digestOf(structuredClone(job)));
  notEqual(digestOf(job), digestOf({ ...job, spec: { ...job.spec, backoffLimit: 1 } }));
});
