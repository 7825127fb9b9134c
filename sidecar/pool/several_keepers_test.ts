import { equal, ok } from "node:assert/strict";
import { nextTurn } from "../async/pause.ts";
import { POOL_LEASE, poolJobName, type WarmPool } from "../view/pool_job.ts";
import { NO_POOL_OBJECTS, type PoolObjects } from "../view/pool_objects.ts";
import { poolJobObject } from "../view/testing/pool_objects.ts";
import { PoolKeeper } from "./pool_keeper.ts";

/** Time that passes only while everybody pauses. */
class SimulatedTime {
  #now = Date.UTC(2026, 0, 1);
  #pauses: { readonly at: number; readonly over: () => void }[] = [];

  readonly now = () => this.#now;

  readonly pause = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const pause = { at: this.#now + milliseconds, over: resolve };
      this.#pauses.push(pause);
      signal.addEventListener("abort", () => {
        this.#pauses = this.#pauses.filter((other) => other !== pause);
        reject(signal.reason);
      }, { once: true });
    });

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    while (true) {
      for (let turns = 0; turns < 3; turns++) await nextTurn();
      const next = this.#pauses.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#pauses = this.#pauses.filter((pause) => pause !== next);
      this.#now = next.at;
      next.over();
    }
    this.#now = end;
  }
}

const LATENCY = 10;

/** How many writes so many gateways send in this time for one pool, and how many of them have an effect. */
async function writes(gateways: number, milliseconds: number) {
  const time = new SimulatedTime();
  const stop = new AbortController();
  const wanted: readonly WarmPool[] = [{ template: "duckdb", size: 2, label: "duckdb-1", dayBegins: 0, job: {} }];
  let [sent, effective] = [0, 0];
  let objects: PoolObjects = NO_POOL_OBJECTS;
  let seen = objects;
  // The same numbers in each run.
  let state = gateways;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const write = async <T>(done: () => T | undefined) => {
    sent++;
    await time.pause(LATENCY, stop.signal);
    const outcome = done();
    if (outcome === undefined) return { kind: "lost" } as const;
    effective++;
    // The watches show it a little later.
    time.pause(LATENCY, stop.signal).then(() => {
      seen = objects;
      for (const keeper of keepers) keeper.changed();
    }, () => {});
    return outcome;
  };
  const jobs = {
    create: async () => {
      const outcome = await write(() => {
        const name = poolJobName(wanted[0]!, time.now());
        if (objects.jobs.some((job) => job.name === name)) return undefined;
        const startedAt = new Date(time.now()).toISOString();
        objects = {
          ...objects,
          jobs: [poolJobObject({ name, uid: name, startedAt, activeDeadlineSeconds: POOL_LEASE })],
        };
        return { kind: "created", uid: name } as const;
      });
      return outcome.kind === "lost" ? { kind: "exists" } as const : outcome;
    },
    renew: (_name: string, { from, to }: { readonly from: number; readonly to: number }) =>
      write(() => {
        const [job] = objects.jobs;
        if (job?.activeDeadlineSeconds !== from) return undefined;
        objects = { ...objects, jobs: [{ ...job, activeDeadlineSeconds: to }] };
        return { kind: "renewed" } as const;
      }),
    stopPods: () => Promise.reject(new Error("No pod has ended.")),
  };
  const faults: unknown[] = [];
  const keepers = Array.from({ length: gateways }, () =>
    new PoolKeeper({
      ...{ jobs, wanted: () => wanted, objects: () => seen },
      onWritten: () => {},
      onTrouble: () => {},
      onFault: (error) => faults.push(error),
      time: { ...time, clock: time.now, random },
    }));
  const running = keepers.map((keeper) => keeper.run(stop.signal));
  // All see each change of the Job's status at the same time.
  for (let passed = 0; passed < milliseconds; passed += 5_000) {
    for (const keeper of keepers) keeper.changed();
    await time.pass(5_000);
  }
  stop.abort(new Error("The test is over."));
  await Promise.all(running);
  equal(faults.length, 0);
  return { sent, effective };
}

Deno.test("three gateways write hardly more for a pool than one does", async () => {
  const hours = 4 * 3_600_000;
  const [one, three] = [await writes(1, hours), await writes(3, hours)];
  equal(one.sent, one.effective);
  ok(one.effective >= 40 && one.effective <= 60, `one: ${one.effective}`);
  ok(Math.abs(three.effective - one.effective) <= 3, `three: ${three.effective}`);
  ok(three.sent - three.effective <= 3, `in vain: ${three.sent - three.effective}`);
});
