import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { Pool } from "../gateway/pool.ts";
import { signalProgram } from "../node/node_program.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { refilled, WarmWakes } from "../outcome/warm_wakes.ts";
import { repeatedly } from "../repeatedly.ts";

const POOL = 10;
/** Views that claim a pod of the full pool meanwhile. */
const CLAIMS = 5;
/** Milliseconds between the first requests of two views. */
const EVERY = 50;
const ROUNDS = 2;
/** Milliseconds for which the kubelet does nothing. Kubernetes takes its node for lost after 40 s. */
const STOPPED = 20_000;
/** Milliseconds in which these views are awake. */
const CLAIMED_WITHIN = 4_000;
/** Milliseconds of each second for which a slow kubelet does nothing. */
const IDLE = 900;

test("the kubelet stops for 20 s while views claim pods and the pool is refilled", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-kubelet", { size: POOL });
  await using wakes = await WarmWakes.of([pool], ROUNDS * (CLAIMS + POOL));
  /** Milliseconds until all these views were awake without a kubelet. */
  let longest = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await refilled(pool);
    await signalProgram("kubelet", "SIGSTOP");
    try {
      const began = performance.now();
      const claiming = wakes.next(CLAIMS);
      const claimed = wakes.wake(claiming, EVERY).then(() => performance.now() - began);
      await pause(STOPPED / 2);
      // The pool has not enough pods for these, and gets none for now.
      const waiting = wakes.next(POOL);
      const woken = wakes.wake(waiting, EVERY);
      await pause(STOPPED / 2);
      await signalProgram("kubelet", "SIGCONT");
      longest = Math.max(longest, await claimed);
      await woken;
      await wakes.settle([...claiming, ...waiting]);
    } finally {
      await signalProgram("kubelet", "SIGCONT");
    }
  }

  const left = await leftOverOf(wakes.views);
  printOutcome("kubelet stopped", wakes.tally, left, {
    "longest ms of claims without it": Math.round(longest),
    ...wakes.counts,
  });
  expect(wakes.tally.otherwise).toEqual({});
  expect(wakes.wrong).toEqual([]);
  expect(wakes.twice).toBe(0);
  expect(wakes.warm).toBeGreaterThanOrEqual(ROUNDS * CLAIMS);
  expect(longest).toBeLessThan(CLAIMED_WITHIN);
  expect(left).toEqual(NOTHING_LEFT);
}, 400_000);

test("a slow kubelet starts pods while views claim them", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-slow", { size: POOL });
  await using wakes = await WarmWakes.of([pool], 4 * POOL);
  {
    await using _slow = repeatedly(async () => {
      await signalProgram("kubelet", "SIGSTOP");
      await pause(IDLE);
      await signalProgram("kubelet", "SIGCONT");
    }, 1_000 - IDLE);
    // The pool is not waited for: it has fewer pods than a wave needs.
    while (wakes.more) await wakes.wave(POOL);
  }

  const left = await leftOverOf(wakes.views);
  printOutcome("kubelet slow", wakes.tally, left, wakes.counts);
  expect(wakes.tally.otherwise).toEqual({});
  expect(wakes.wrong).toEqual([]);
  expect(wakes.twice).toBe(0);
  expect(left).toEqual(NOTHING_LEFT);
}, 600_000);
