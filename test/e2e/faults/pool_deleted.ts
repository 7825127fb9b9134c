import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { batch } from "../cluster/cluster.ts";
import { theGateway } from "../gateway/gateway.ts";
import { Pool } from "../gateway/pool.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { refilled, WarmWakes } from "../outcome/warm_wakes.ts";
import { random } from "../seed.ts";

const POOL = 10;
const ROUNDS = 4;
/** Milliseconds between the first requests of two views. */
const EVERY = 20;
/** Milliseconds in which the pods of a deleted Job end. */
const ENDED = 3_000;

for (const policy of ["Background", "Foreground"]) {
  test(`a pool's Job is deleted while its pods are claimed: ${policy}`, async () => {
    const gateway = await theGateway();
    const { viewsNamespace: namespace } = gateway;
    await using pool = await Pool.full(gateway, "warm-deleted", { size: POOL });
    await using wakes = await WarmWakes.of([pool], ROUNDS * POOL);
    const next = random();
    while (wakes.more) {
      await refilled(pool);
      const [job] = await pool.jobs();
      const views = wakes.next(POOL);
      const woken = wakes.wake(views, EVERY);
      await pause(next() * POOL * EVERY);
      await batch.deleteNamespacedJob({ namespace, name: job!.metadata!.name!, propagationPolicy: policy });
      await woken;
      // A pod that was claimed at that very moment may end with its pool. Then the next request wakes its view again.
      await pause(ENDED);
      await wakes.wake(views);
      await wakes.settle(views);
    }

    const left = await leftOverOf(wakes.views);
    printOutcome(`pool deleted, ${policy}`, wakes.tally, left, wakes.counts);
    expect(wakes.tally.otherwise).toEqual({});
    expect(wakes.wrong).toEqual([]);
    expect(left).toEqual(NOTHING_LEFT);
  }, 400_000);
}
