import { deepEqual, equal, ok } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { nextTurn } from "../async/pause.ts";
import { POOL_LEASE, type WarmPool } from "../view/pool_job.ts";
import { NO_POOL_OBJECTS, type PoolObjects } from "../view/pool_objects.ts";
import type { CreatedJob } from "../view/write_outcomes.ts";
import { at } from "../view/testing/objects.ts";
import { crashedPoolPods, poolJobObject } from "../view/testing/pool_objects.ts";
import { PoolKeeper, type PoolKeeperOptions } from "./pool_keeper.ts";

const pool: WarmPool = { template: "duckdb", size: 2, label: "duckdb-1", dayBegins: 0, job: { metadata: {} } };

interface Kept {
  readonly writes: string[];
  readonly told: string[];
  readonly faults: unknown[];
  become(objects: Partial<PoolObjects>): void;
  /** Lets the keeper work for so many seconds. */
  work(seconds: number): Promise<void>;
}

/** Runs a keeper, for which time passes only while it pauses. */
async function keep(use: (kept: Kept) => Promise<void>, options: Partial<PoolKeeperOptions> = {}): Promise<void> {
  let objects: PoolObjects = NO_POOL_OBJECTS;
  let [seconds, end] = [0, 0];
  const [writes, told, faults]: [string[], string[], unknown[]] = [[], [], []];
  const stop = new AbortController();
  const written = (what: string) => {
    writes.push(what);
    return Promise.resolve({ kind: "renewed" } as const);
  };
  const keeper = new PoolKeeper({
    jobs: {
      create: (job) => {
        writes.push(`create ${job.metadata?.name}`);
        return Promise.resolve({ kind: "created", uid: "pool-1" });
      },
      renew: (name, { from, to }) => written(`renew ${name} ${from} ${to}`),
      stopPods: (name) => written(`stop ${name}`),
    },
    wanted: () => [pool],
    objects: () => objects,
    onWritten: () => {},
    onTrouble: ({ cause }) => told.push(cause.reason),
    onFault: (error) => faults.push(error),
    time: {
      now: () => Date.parse(at) + seconds * 1000,
      clock: () => seconds * 1000,
      random: () => 0.5,
      pause: async (milliseconds, signal) => {
        const until = seconds + milliseconds / 1000;
        while (until > end && !signal.aborted) await nextTurn();
        signal.throwIfAborted();
        seconds = Math.max(seconds, until);
      },
    },
    ...options,
  });
  const running = keeper.run(stop.signal);
  const work = async (more: number) => {
    end += more;
    // The keeper has come to a pause that ends later.
    for (let turns = 0; turns < 50; turns++) await nextTurn();
  };
  const become = (change: Partial<PoolObjects>) => {
    objects = { ...NO_POOL_OBJECTS, ...change };
    keeper.changed();
  };
  await use({ writes, told, faults, become, work });
  stop.abort(new Error("The test is over."));
  await running;
}

Deno.test("a pool is created, and its lease renewed for as long as it is wanted", () =>
  keep(async ({ writes, become, work }) => {
    await work(30);
    ok(
      writes.length > 0 && writes.every((write) => write.startsWith("create 2026-01-01-warm-duckdb-1-00")),
      writes.join(),
    );
    become({ jobs: [poolJobObject()] });
    const created = writes.length;
    await work(200);
    equal(writes.length, created);
    await work(100);
    const renewals = writes.slice(created);
    ok(renewals.length > 0, "it is not renewed");
    ok(renewals.every((write) => write.startsWith("renew 2026-01-01-warm-duckdb-1-000 600 9")), renewals.join());
  }));

Deno.test("a watch that shows no Job for an hour gets a few of them at a time, and not one after another", async () => {
  const times: number[] = [];
  let elapsed = 0;
  const jobs = {
    create: (_: V1Job) => {
      times.push(elapsed);
      return Promise.resolve({ kind: "created", uid: `pool-${times.length}` });
    },
  } as unknown as PoolKeeperOptions["jobs"];
  await keep(async ({ work }) => {
    for (; elapsed < 3_600; elapsed += 10) await work(10);
  }, { jobs });
  const alive = times.map((time) => times.filter((other) => other <= time && time - other < POOL_LEASE).length);
  ok(Math.max(...alive) <= 4 && alive.at(-1)! <= 2, times.join());
});

Deno.test("a pool's Job that was there for a moment only is made again soon", () =>
  keep(async ({ writes, become, work }) => {
    await work(20);
    equal(writes.length, 1);
    become({ jobs: [poolJobObject({ name: writes[0]!.replace("create ", "") })] });
    become({ jobs: [poolJobObject({ name: "2025-12-31-warm-duckdb-1-000", uid: "pool-0" })] });
    await work(30);
    equal(writes.length, 2);
  }));

Deno.test("a pool that another gateway creates meanwhile is left to it", async () => {
  const created: string[] = [];
  const wanted = ["a", "b"].map((label) => ({ ...pool, label }));
  await keep(async ({ become, work }) => {
    become({});
    await work(20);
    deepEqual(created.map((name) => name.slice(0, 17)), ["2026-01-01-warm-a"]);
  }, {
    wanted: () => wanted,
    objects: () => ({
      ...NO_POOL_OBJECTS,
      jobs: created.length === 0 ? [] : [
        poolJobObject({ name: created[0]!, label: "a" }),
        poolJobObject({ name: "2026-01-01-warm-b-000", uid: "pool-2", label: "b" }),
      ],
    }),
    jobs: {
      create: (job: V1Job) => {
        created.push(job.metadata!.name!);
        return Promise.resolve({ kind: "created", uid: "pool-1" });
      },
    } as unknown as PoolKeeperOptions["jobs"],
  });
});

Deno.test("nothing is written before the snapshot is whole", () =>
  keep(async ({ writes, faults, work }) => {
    await work(100);
    deepEqual([writes, faults], [[], []]);
  }, { objects: () => undefined }));

Deno.test("a Job that Kubernetes refuses is tried again, ever more rarely", async () => {
  const times: number[] = [];
  const refused: CreatedJob = { kind: "refused", cause: { reason: "Forbidden", message: "exceeded quota" } };
  let elapsed = 0;
  const jobs = {
    create: (_: V1Job) => {
      times.push(elapsed);
      return Promise.resolve(refused);
    },
  } as unknown as PoolKeeperOptions["jobs"];
  await keep(async ({ work }) => {
    for (; elapsed < 1_200; elapsed += 10) await work(10);
  }, { jobs });
  ok(times.length >= 4 && times.length <= 9, times.join());
  ok(times.at(-1)! - times.at(-2)! >= 300, times.join());
});

Deno.test("a pool whose pods keep ending is stopped, and told of once", () =>
  keep(async ({ writes, told, become, work }) => {
    become({ jobs: [poolJobObject()], pods: crashedPoolPods(4) });
    await work(100);
    deepEqual([told.splice(0), writes], [["Error"], []]);
    become({ jobs: [poolJobObject()], pods: crashedPoolPods(12) });
    await work(20);
    become({ jobs: [poolJobObject({ parallelism: 0 })], pods: crashedPoolPods(12) });
    const stops = writes.length;
    await work(500);
    deepEqual(new Set(writes), new Set(["stop 2026-01-01-warm-duckdb-1-000"]));
    equal(writes.length, stops);
    deepEqual(told, ["Error"]);
    become({ jobs: [poolJobObject({ uid: "pool-2" })], pods: crashedPoolPods(12, { jobUid: "pool-2" }) });
    await work(20);
    deepEqual(told, ["Error", "Error"]);
  }));

Deno.test("a fault does not end the keeper", async () => {
  let broken = true;
  await keep(async ({ writes, faults, work }) => {
    await work(20);
    ok(faults.length > 0);
    broken = false;
    await work(40);
    ok(writes.length > 0);
  }, {
    wanted: () => {
      if (broken) throw new TypeError("x is not a function");
      return [pool];
    },
  });
});
