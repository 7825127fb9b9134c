import { deepEqual, equal } from "node:assert/strict";
import { trimFailedCreate } from "./trim.ts";
import { trimPoolFailedCreate, trimPoolJob, trimPoolPod } from "./trim_pool.ts";

const labels = { "view.yolean.se/pool": "duckdb-1" };
const metadata = { name: "2026-11-28-warm-duckdb-1", uid: "pool-1", labels };
const job = { metadata, spec: { parallelism: 3, activeDeadlineSeconds: 600, template: {} } };

/** The kept part of the pool's Job with this status and these changes of its metadata. */
const kept = (status = {}, change = {}) =>
  trimPoolJob({ ...job, metadata: { ...metadata, ...change }, status })?.object;

Deno.test("of a pool's Job only what its lease and its pods say is kept", () => {
  const annotations = { "view.yolean.se/template": "DuckDB" };
  deepEqual(kept({ startTime: "2026-11-28T00:00:00Z", failed: 2, succeeded: 1 }, { annotations }), {
    name: "2026-11-28-warm-duckdb-1",
    uid: "pool-1",
    label: "duckdb-1",
    template: "DuckDB",
    parallelism: 3,
    startedAt: "2026-11-28T00:00:00Z",
    activeDeadlineSeconds: 600,
    ended: 3,
    over: false,
  });
  equal(trimPoolJob({ ...job, metadata: { name: "a", uid: "b" } }), undefined);
});

Deno.test("a pool is over when its Job ends or is deleted", () => {
  const ends = (type: string, status = "True") => kept({ conditions: [{ type, status }] })?.over;
  for (const type of ["Complete", "SuccessCriteriaMet", "Failed", "FailureTarget"]) equal(ends(type), true, type);
  equal(ends("Failed", "False"), false);
  equal(ends("Suspended"), false);
  equal(kept({}, { deletionTimestamp: "2026-11-28T00:00:00Z" })?.over, true);
});

Deno.test("a pod belongs to the Job that owns it, whatever its labels say", () => {
  const owner = (kind: string) => [{ apiVersion: "batch/v1", kind, name: "warm", uid: "pool-1" }];
  const pod = (change: object) =>
    trimPoolPod({ metadata: { name: "a", uid: "pod-1", labels, ownerReferences: owner("Job"), ...change } });
  equal(pod({ labels: { ...labels, "batch.kubernetes.io/controller-uid": "other" } })?.object.jobUid, "pool-1");
  equal(pod({ ownerReferences: owner("ReplicaSet") }), undefined);
  equal(pod({ ownerReferences: [] }), undefined);
  equal(pod({ labels: {} }), undefined);
});

Deno.test("Events about a pool's Job are not those about a view's", () => {
  const event = (name: string) => ({ metadata: { name: "e", uid: "e" }, involvedObject: { name, uid: "job-1" } });
  const read = (name: string) => [trimPoolFailedCreate(event(name)), trimFailedCreate(event(name))].map(Boolean);
  deepEqual(read("2026-11-28-warm-duckdb-1"), [true, false]);
  deepEqual(read("hello"), [false, true]);
});
