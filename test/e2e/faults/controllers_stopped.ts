import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { Pool } from "../gateway/pool.ts";
import { signalProgram, withoutFlags } from "../node/node_program.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { refilled, WarmWakes } from "../outcome/warm_wakes.ts";

const POOL = 10;
/** Views that claim a pod of the full pool meanwhile. */
const CLAIMS = 5;
/** Milliseconds between the first requests of two views. */
const EVERY = 50;
const ROUNDS = 3;
/** Milliseconds for which Kubernetes' controllers do nothing. */
const STOPPED = 10_000;
/** Milliseconds in which these views are awake. */
const CLAIMED_WITHIN = 4_000;
/** By default a controller sends 20 requests a second at most. The test node has higher limits. */
const LIMITS = ["kube-api-qps", "kube-api-burst"];

test("Kubernetes' controllers stop for 10 s while views claim pods", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-paused", { size: POOL });
  await using wakes = await WarmWakes.of([pool], ROUNDS * (CLAIMS + POOL));
  /** Milliseconds until all these views were awake without controllers. */
  let longest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await refilled(pool);
    await signalProgram("kube-controller-manager", "SIGSTOP");
    try {
      const began = performance.now();
      const claiming = wakes.next(CLAIMS);
      const claimed = wakes.wake(claiming, EVERY).then(() => performance.now() - began);
      await pause(STOPPED / 2);
      // The pool has not enough pods for these, and gets none for now.
      const waiting = wakes.next(POOL);
      const woken = wakes.wake(waiting, EVERY);
      await pause(STOPPED / 2);
      await signalProgram("kube-controller-manager", "SIGCONT");
      longest = Math.max(longest, await claimed);
      await woken;
      await wakes.settle([...claiming, ...waiting]);
    } finally {
      await signalProgram("kube-controller-manager", "SIGCONT");
    }
  }

  const left = await leftOverOf(wakes.views);
  printOutcome("controllers stopped", wakes.tally, left, {
    "longest ms of claims without them": Math.round(longest),
    ...wakes.counts,
  });
  expect(wakes.tally.otherwise).toEqual({});
  expect(wakes.wrong).toEqual([]);
  expect(wakes.twice).toBe(0);
  expect(wakes.warm).toBeGreaterThanOrEqual(ROUNDS * CLAIMS);
  expect(longest).toBeLessThan(CLAIMED_WITHIN);
  expect(left).toEqual(NOTHING_LEFT);
}, 400_000);

test(
  "Kubernetes' controllers have their default limits while twice as many views wake as the pool has pods",
  async () => {
    const gateway = await theGateway();
    await using pool = await Pool.full(gateway, "warm-limits", { size: POOL });
    await using wakes = await WarmWakes.of([pool], ROUNDS * POOL * 2);
    {
      await using _limited = await withoutFlags("kube-controller-manager", LIMITS);
      while (wakes.more) {
        await refilled(pool);
        await wakes.wave(POOL * 2);
      }
    }

    const left = await leftOverOf(wakes.views);
    printOutcome("controllers with default limits", wakes.tally, left, wakes.counts);
    expect(wakes.tally.otherwise).toEqual({});
    expect(wakes.wrong).toEqual([]);
    expect(wakes.twice).toBe(0);
    expect(wakes.warm).toBeGreaterThan(ROUNDS * POOL / 2);
    expect(left).toEqual(NOTHING_LEFT);
  },
  400_000,
);
