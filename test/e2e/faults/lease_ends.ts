import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import type { View } from "../gateway/view.ts";

const LEASES = 20;
/** Views whose leases end at a time. */
const AT_ONCE = 2;
const IDLE_SECONDS = 10;
/** Requests to each view. */
const PER_SECOND = 200;
/** Milliseconds before and after the lease's end in which there are requests. */
const AROUND = 1_000;

test("200 requests a second come at the very moment that a lease ends", async () => {
  const gateway = await theGateway();
  const tally = new Tally();
  const views: View[] = [];
  let renewed = 0;
  let begun = 0;
  for (let ended = 0; ended < LEASES; ended += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      const view = await gateway.create("lease", { idleSeconds: IDLE_SECONDS });
      views.push(view);
      await view.whoami();
      const { end, job } = await leaseEnd(view);
      await pause(end - AROUND - Date.now());
      await atRate(PER_SECOND, end + AROUND, () => tally.count(view.ask()));
      const after = await view.job();
      if (after?.metadata?.uid === job) renewed++;
      else begun++;
      await view.delete();
    }));
  }

  const left = await leftOverOf(views);
  const rate = Math.round(tally.sent / views.length / (2 * AROUND / 1_000));
  printOutcome("lease ends", tally, left, { leases: views.length, renewed, "started again": begun, "a second": rate });
  expect(tally.otherwise).toEqual({});
  expect(rate).toBeGreaterThan(PER_SECOND * 0.9);
  expect(left).toEqual(NOTHING_LEFT);
}, 300_000);

/** Sends requests at a fixed rate until a moment, without waiting for answers, and then waits for all answers. */
async function atRate(perSecond: number, until: number, send: () => Promise<unknown>): Promise<void> {
  const requests: Promise<unknown>[] = [];
  const began = Date.now();
  while (Date.now() < until) {
    while (requests.length < (Date.now() - began) / 1_000 * perSecond) requests.push(send());
    await pause(1);
  }
  await Promise.all(requests);
}

/** When a view's lease ends that is asked no more, in milliseconds; the request that woke it may still renew it. */
async function leaseEnd(view: View): Promise<{ readonly end: number; readonly job: string | undefined }> {
  while (true) {
    const { metadata, spec, status } = (await view.job())!;
    const end = status!.startTime!.getTime() + spec!.activeDeadlineSeconds! * 1_000;
    if (end - Date.now() <= 2 * AROUND) return { end, job: metadata!.uid };
    await pause(Math.min(1_000, end - Date.now() - 2 * AROUND));
  }
}
