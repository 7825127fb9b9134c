import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import type { WarmPool } from "./pool_job.ts";
import { NO_POOL_OBJECTS, type PoolObjects } from "./pool_objects.ts";
import { poolSteps, poolTroubles, poolWarning } from "./pool_steps.ts";
import { at, condition, container } from "./testing/objects.ts";
import { crashedPoolPod, crashedPoolPods, poolJobObject, poolPodObject } from "./testing/pool_objects.ts";

const start = Date.parse(at);
const wanted: WarmPool = { template: "duckdb", size: 2, label: "duckdb-1", dayBegins: 0, job: {} };

const steps = (objects: Partial<PoolObjects>, seconds = 0, pools: readonly WarmPool[] = [wanted]) =>
  poolSteps(pools, { ...NO_POOL_OBJECTS, ...objects }, start + seconds * 1000);
const troubles = (objects: Partial<PoolObjects>) => poolTroubles([wanted], { ...NO_POOL_OBJECTS, ...objects }, start);
const failedCreate = (message: string, when = at) => [
  { name: "event-1", uid: "event-1", jobUid: "pool-1", message, at: when },
];

Deno.test("a pool that is wanted and not there is created", () => {
  deepEqual(steps({}), [{ kind: "create", pool: wanted, name: "2026-01-01-warm-duckdb-1-000" }]);
});

Deno.test("each day has another Job, and that of the day before is left alone", () => {
  const before = poolJobObject({ activeDeadlineSeconds: 86_400 + 100 });
  deepEqual(steps({ jobs: [before] }, 86_400).map(({ kind }) => kind), ["create"]);
});

Deno.test("a pool whose Job ends or is deleted is created again at once, by another name", () => {
  const name = "2026-01-01-warm-duckdb-1-01n";
  deepEqual(steps({ jobs: [poolJobObject({ over: true })] }, 590), [{ kind: "create", pool: wanted, name }]);
});

Deno.test("of two Jobs of a pool that gateways have created at once, the earlier one counts", () => {
  const [first, second] = [poolJobObject(), poolJobObject({ name: "2026-01-01-warm-duckdb-1-001", uid: "pool-2" })];
  for (const jobs of [[first, second], [second, first]]) {
    deepEqual(steps({ jobs }, 301), [{ kind: "renew", job: first, from: 600, to: 901 }]);
  }
  deepEqual(steps({ jobs: [{ ...first, over: true }, second] }, 301), [
    { kind: "renew", job: second, from: 600, to: 901 },
  ]);
});

Deno.test("the Job of another pool does not count, though its name begins in the same way", () => {
  const jobs = [poolJobObject({ name: "2026-01-01-warm-duckdb-1-2-000", label: "duckdb-1-2" })];
  deepEqual(steps({ jobs }).map(({ kind }) => kind), ["create"]);
});

Deno.test("a lease is renewed once less than half of it is left, for ten minutes from then", () => {
  const job = poolJobObject();
  deepEqual(steps({ jobs: [job] }, 300), []);
  deepEqual(steps({ jobs: [job] }, 301), [{ kind: "renew", job, from: 600, to: 901 }]);
  deepEqual(steps({ jobs: [poolJobObject({ startedAt: undefined })] }, 301), []);
});

Deno.test("a pool that is looked at often enough never has less than a minute of its lease left", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 200 }), (pauses) => {
    let [job, seconds] = [poolJobObject(), 0];
    for (const pause of pauses) {
      seconds += pause;
      if (seconds >= 86_400) return;
      equal(job.activeDeadlineSeconds! - seconds >= 60, true, `${job.activeDeadlineSeconds} at ${seconds}`);
      const [step] = steps({ jobs: [job] }, seconds);
      if (step?.kind === "renew") job = { ...job, activeDeadlineSeconds: step.to };
    }
  }));
});

Deno.test("clocks that are minutes apart neither end a pool nor let its lease grow", () => {
  const skews = fc.array(fc.integer({ min: -240, max: 300 }), { minLength: 1, maxLength: 3 });
  fc.assert(fc.property(skews, (gateways) => {
    let [job, writes] = [poolJobObject(), 0];
    for (let seconds = 0; seconds < 7_200; seconds += 20) {
      ok(job.activeDeadlineSeconds! - seconds >= 40, `${job.activeDeadlineSeconds} at ${seconds}`);
      ok(job.activeDeadlineSeconds! - seconds <= 900, `${job.activeDeadlineSeconds} at ${seconds}`);
      for (const skew of gateways) {
        const step = steps({ jobs: [job] }, seconds + skew).find(({ kind }) => kind === "renew");
        if (step?.kind !== "renew") continue;
        job = { ...job, activeDeadlineSeconds: step.to };
        writes++;
      }
    }
    ok(writes <= 7_200 / 240, String(writes));
  }));
});

Deno.test("a pool that no template asks for any more gets no write", () => {
  deepEqual(steps({ jobs: [poolJobObject()] }, 550, []), []);
});

Deno.test("a pool whose pods keep ending is stopped, and then not renewed", () => {
  const job = poolJobObject();
  const pods = crashedPoolPods(10);
  deepEqual(steps({ jobs: [job], pods }), [{ kind: "stop", job }]);
  deepEqual(steps({ jobs: [job], pods: crashedPoolPods(9) }), []);
  deepEqual(steps({ jobs: [job], pods: [...pods, poolPodObject({ uid: "warm-2" })] }), []);
  deepEqual(steps({ jobs: [poolJobObject({ parallelism: 0 })], pods }, 400), []);
});

Deno.test("a pool is not blamed for pods that are deleted, such as on nodes that are drained", () => {
  const drained = { jobs: [poolJobObject({ ended: 20 })], pods: crashedPoolPods(10, { deleting: true }) };
  deepEqual([steps(drained), troubles(drained)], [[], []]);
  deepEqual(troubles({ jobs: [poolJobObject({ ended: 20 })] }), [], "and when they are gone");
});

Deno.test("a pool whose pods keep ending is told of with the cause of its last pod", () => {
  const pods = [
    crashedPoolPod({ uid: "warm-2", createdAt: "2026-01-01T00:00:09Z" }, "the last"),
    ...crashedPoolPods(9),
  ];
  for (const parallelism of [2, 0]) {
    const [trouble, ...more] = troubles({ jobs: [poolJobObject({ parallelism })], pods });
    equal(more.length, 0);
    deepEqual([trouble?.stopped, trouble?.cause], [true, {
      reason: "Error",
      message: "Container view ended with exit code 1: the last",
    }]);
    const { reason, message } = poolWarning(trouble!);
    equal(reason, "PoolStopped");
    match(message, /keep ending.*views of template duckdb start cold.*exit code 1: the last$/);
  }
  const completed = crashedPoolPods(10, { phase: "Succeeded", containers: [] });
  match(troubles({ jobs: [poolJobObject()], pods: completed })[0]!.cause.message, /exit code 0/);
});

Deno.test("a pool that somebody has stopped by hand is not blamed on its pods", () => {
  const [trouble] = troubles({ jobs: [poolJobObject({ parallelism: 0, ended: 20 })], pods: crashedPoolPods(2) });
  equal(trouble?.stopped, false);
  const { reason, message } = poolWarning(trouble!);
  equal(reason, "PoolIncomplete");
  match(message, /lacks pods, .*: Stopped: Somebody has set the parallelism of its Job to 0/);
});

Deno.test("a small pool is told of long before it is stopped", () => {
  const waits = poolPodObject({ uid: "warm-2", conditions: [] });
  const pods = [...crashedPoolPods(3), waits];
  const [trouble] = troubles({ jobs: [poolJobObject()], pods });
  deepEqual([trouble?.stopped, trouble?.cause.message], [
    false,
    "Container view ended with exit code 1: no such module",
  ]);
  deepEqual(troubles({ jobs: [poolJobObject()], pods: [...crashedPoolPods(2), waits] }), []);
  deepEqual(troubles({ jobs: [poolJobObject()], pods: [...pods, poolPodObject({ uid: "warm-3" })] }), []);
});

Deno.test("a pool is told of whose pods Kubernetes does not create, until it does", () => {
  const quota = failedCreate("pods is forbidden: exceeded quota: small");
  const [trouble] = troubles({ jobs: [poolJobObject()], pods: [], failedCreates: quota });
  deepEqual([trouble?.stopped, trouble?.cause.reason], [false, "FailedCreate"]);
  match(
    poolWarning(trouble!).message,
    /lacks pods, so views of template duckdb may start cold: FailedCreate: pods is forbidden: exceeded quota: small$/,
  );
  equal(poolWarning(trouble!).reason, "PoolIncomplete");
  const full = [poolPodObject(), poolPodObject({ uid: "warm-2" })];
  deepEqual(troubles({ jobs: [poolJobObject()], pods: full, failedCreates: quota }), []);
  const later = [poolPodObject({ createdAt: "2026-01-01T00:00:01Z" })];
  deepEqual(troubles({ jobs: [poolJobObject()], pods: later, failedCreates: quota }), []);
  const conflict = failedCreate('Operation cannot be fulfilled on resourcequotas "small"');
  deepEqual(troubles({ jobs: [poolJobObject()], pods: [], failedCreates: conflict }), []);
});

Deno.test("a pool is told of whose pod cannot start", () => {
  const waiting = { reason: "ErrImagePull", message: "no such image" };
  const pods = [
    poolPodObject(),
    poolPodObject({ uid: "warm-2", phase: "Pending", conditions: [], containers: [container({ waiting })] }),
  ];
  deepEqual(troubles({ jobs: [poolJobObject()], pods }).map(({ cause }) => cause), [waiting]);
  const starting = poolPodObject({ phase: "Pending", conditions: [condition("PodScheduled")] });
  deepEqual(troubles({ jobs: [poolJobObject()], pods: [starting] }), []);
});

Deno.test("a pool that ends, or that nobody wants, is not told of", () => {
  const failedCreates = failedCreate("exceeded quota");
  deepEqual(troubles({ jobs: [poolJobObject({ over: true })], failedCreates }), []);
  deepEqual(troubles({ jobs: [poolJobObject({ name: "2025-12-31-warm-duckdb-1-000" })], failedCreates }), []);
});
