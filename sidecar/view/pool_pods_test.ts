import { deepEqual } from "node:assert/strict";
import { claimablePods, poolCounts } from "./pool_pods.ts";
import { NO_POOL_OBJECTS } from "./pool_objects.ts";
import { at, condition } from "./testing/objects.ts";
import { crashedPoolPod, poolJobObject, poolPodObject } from "./testing/pool_objects.ts";

const start = Date.parse(at);

/** UIDs of the claimable pods when the pool has this Job and this pod, some seconds after its start. */
function claimable(job = poolJobObject(), pod = poolPodObject(), seconds = 0): readonly string[] {
  const objects = { ...NO_POOL_OBJECTS, jobs: [job], pods: [pod] };
  return claimablePods(objects, "duckdb-1", start + seconds * 1000).map(({ pod }) => pod.uid);
}

Deno.test("a ready pod can be claimed", () => {
  deepEqual(claimable(), ["warm-1"]);
});

Deno.test("a pod that does not wait for a view cannot be claimed", () => {
  const wrong = [
    poolPodObject({ conditions: [] }),
    poolPodObject({ conditions: [condition("Ready", "", "False")] }),
    poolPodObject({ phase: "Pending" }),
    poolPodObject({ phase: "Failed" }),
    poolPodObject({ deleting: true }),
    poolPodObject({ jobUid: "pool-2" }),
    poolPodObject({ jobUid: undefined }),
  ];
  for (const pod of wrong) deepEqual(claimable(poolJobObject(), pod), []);
});

Deno.test("nothing is claimed from a pool of another template, or one that ends or soon will", () => {
  deepEqual(claimable(poolJobObject({ label: "duckdb-2" })), []);
  deepEqual(claimable(poolJobObject({ over: true })), []);
  deepEqual(claimable(poolJobObject(), poolPodObject(), 590), ["warm-1"]);
  deepEqual(claimable(poolJobObject(), poolPodObject(), 591), []);
  deepEqual(claimable(poolJobObject({ activeDeadlineSeconds: 900 }), poolPodObject(), 591), ["warm-1"]);
});

Deno.test("yesterday's pool gives its pods while it lives", () => {
  const jobs = [poolJobObject(), poolJobObject({ name: "2026-01-02-warm-duckdb-1-000", uid: "pool-2" })];
  const pods = [poolPodObject(), poolPodObject({ name: "warm-y", uid: "warm-2", jobUid: "pool-2" })];
  const found = claimablePods({ ...NO_POOL_OBJECTS, jobs, pods }, "duckdb-1", start);
  deepEqual(found.map(({ pod, job }) => [pod.uid, job.uid]), [["warm-1", "pool-1"], ["warm-2", "pool-2"]]);
});

Deno.test("pods are counted by template, also those of a pool that nobody wants any more", () => {
  const objects = {
    ...NO_POOL_OBJECTS,
    jobs: [poolJobObject({ ended: 1 }), poolJobObject({ name: "old", uid: "pool-2", template: "old" })],
    pods: [
      poolPodObject(),
      poolPodObject({ uid: "warm-2", phase: "Pending", conditions: [] }),
      crashedPoolPod({ uid: "warm-3" }),
      poolPodObject({ uid: "warm-4", deleting: true }),
      poolPodObject({ uid: "warm-5", jobUid: "pool-2" }),
      poolPodObject({ uid: "warm-6", jobUid: "unknown" }),
    ],
  };
  deepEqual(poolCounts([{ template: "duckdb", size: 3 }, { template: "new", size: 1 }], objects), [
    { template: "duckdb", wanted: 3, ready: 1, starting: 1, ended: 1 },
    { template: "new", wanted: 1, ready: 0, starting: 0, ended: 0 },
    { template: "old", wanted: 0, ready: 1, starting: 0, ended: 0 },
  ]);
});
