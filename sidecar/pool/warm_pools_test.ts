import { deepEqual, equal } from "node:assert/strict";
import { NO_POOL_OBJECTS, type PoolObjects } from "../view/pool_objects.ts";
import type { Template } from "../view/template.ts";
import { at } from "../view/testing/objects.ts";
import { poolJobObject, poolPodObject } from "../view/testing/pool_objects.ts";
import { WarmPools } from "./warm_pools.ts";

const template = {} as Template;
const names = ["a", "b", "c"];

function start(change: Partial<PoolObjects> = {}) {
  let clock = 0;
  let objects: PoolObjects = {
    ...NO_POOL_OBJECTS,
    jobs: [poolJobObject()],
    pods: names.map((name) => poolPodObject({ name, uid: `uid-${name}` })),
    ...change,
  };
  let random = 0;
  const pools = new WarmPools({
    objects: () => objects,
    labelOf: (name) => name === "cold" ? undefined : "duckdb-1",
    now: () => Date.parse(at),
    clock: () => clock,
    random: () => random,
  });
  const take = () => pools.take("duckdb", template);
  return {
    pools,
    take,
    become: (change: Partial<PoolObjects>) => {
      objects = { ...objects, ...change };
      pools.changed();
    },
    after: (seconds: number) => void (clock += seconds * 1000),
    draw: (value: number) => void (random = value),
  };
}

Deno.test("each pod is taken once, and then there is none", () => {
  const { take } = start();
  deepEqual(take(), {
    name: "a",
    uid: "uid-a",
    job: { name: "2026-01-01-warm-duckdb-1-000", uid: "pool-1" },
  });
  deepEqual([take()?.name, take()?.name, take()?.name], ["b", "c", undefined]);
});

Deno.test("the pod is drawn, so that gateways rarely take the same", () => {
  const { take, draw } = start();
  draw(0.999);
  equal(take()?.name, "c");
  draw(0.5);
  equal(take()?.name, "b");
});

Deno.test("a template without a pool has no pod", () => {
  equal(start().pools.take("cold", template), undefined);
});

Deno.test("a pod that is given back can be taken again", () => {
  const { take, pools } = start({ pods: [poolPodObject()] });
  const pod = take()!;
  equal(take(), undefined);
  pools.giveBack(pod);
  equal(take()?.uid, pod.uid);
});

Deno.test("a pod that was lost rests: the snapshot may be late, and the pod may still be the pool's", () => {
  const { take, pools, after } = start({ pods: [poolPodObject()] });
  for (const seconds of [10, 20]) {
    pools.lost(take()!);
    after(seconds - 1);
    equal(take(), undefined);
    after(1);
  }
  equal(take()?.name, "warm-x");
});

Deno.test("a pod that has left the pool is forgotten, and one that is still taken is not", () => {
  const { take, become } = start({ pods: [poolPodObject()] });
  take();
  become({ jobs: [poolJobObject({ ended: 1 })] });
  equal(take(), undefined);
  become({ pods: [] });
  become({ pods: [poolPodObject()] });
  equal(take()?.name, "warm-x");
});

Deno.test("a change costs nothing while no pod is taken or lost, and no pool rests", () => {
  let looks = 0;
  const objects = () => {
    looks++;
    return { ...NO_POOL_OBJECTS, jobs: [poolJobObject()], pods: [poolPodObject()] };
  };
  const clock = { now: () => Date.parse(at), clock: () => 0, random: () => 0 };
  const pools = new WarmPools({ objects, labelOf: () => "duckdb-1", ...clock });
  pools.changed();
  equal(looks, 0);
  pools.take("duckdb", template);
  pools.changed();
  equal(looks, 2);
});

Deno.test("a pool whose pod did not become a view's rests, and others do not", () => {
  const jobs = [poolJobObject(), poolJobObject({ name: "2026-01-02-warm-duckdb-1-000", uid: "pool-2" })];
  const pods = [poolPodObject(), poolPodObject({ name: "other", uid: "warm-2", jobUid: "pool-2" })];
  const { take, pools, after } = start({ jobs, pods });
  pools.failed("2026-01-01-warm-duckdb-1-000");
  deepEqual([take()?.name, take()?.name], ["other", undefined]);
  after(10);
  equal(take()?.name, "warm-x");
});

Deno.test("a success ends the rest", () => {
  const { take, pools } = start();
  pools.failed("2026-01-01-warm-duckdb-1-000");
  equal(take(), undefined);
  pools.worked("2026-01-01-warm-duckdb-1-000");
  equal(take()?.name, "a");
});

Deno.test("a failure of a pool that is gone leaves nothing behind", () => {
  const { take, pools, become } = start({ jobs: [] });
  pools.failed("2026-01-01-warm-duckdb-1-000");
  become({ jobs: [poolJobObject()] });
  equal(take()?.name, "a");
});
