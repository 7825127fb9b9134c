import type { PodObject } from "../objects.ts";
import type { PoolJobObject } from "../pool_objects.ts";
import { at, condition, container, pod } from "./objects.ts";

/** The pool `duckdb-1`, whose Job started at `at`, with a test's changes. */
export const poolJobObject = (change: Partial<PoolJobObject> = {}): PoolJobObject => ({
  name: "2026-01-01-warm-duckdb-1-000",
  uid: "pool-1",
  label: "duckdb-1",
  template: "duckdb",
  parallelism: 2,
  startedAt: at,
  activeDeadlineSeconds: 600,
  ended: 0,
  over: false,
  ...change,
});

/** A pod of it that waits for a view. */
export const poolPodObject = (change: Partial<PodObject> = {}): PodObject =>
  pod({ name: "warm-x", uid: "warm-1", jobUid: "pool-1", conditions: [condition("Ready")], ...change });

/** So many pods of it that have crashed. */
export const crashedPoolPods = (count: number, change: Partial<PodObject> = {}): readonly PodObject[] =>
  Array.from({ length: count }, (_, i) => crashedPoolPod({ uid: `crashed-${i}`, ...change }));

/** A pod of it that has crashed. */
export const crashedPoolPod = (change: Partial<PodObject> = {}, message = "no such module"): PodObject =>
  poolPodObject({
    phase: "Failed",
    conditions: [],
    containers: [container({ terminated: { reason: "Error", message, exitCode: 1 } })],
    ...change,
  });
