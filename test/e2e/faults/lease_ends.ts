import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway.ts";
import { leftOverOf } from "../left_over.ts";
import { printOutcome } from "../outcome_line.ts";
import { Tally } from "../tally.ts";
import type { View } from "../view.ts";

const LEASES = 20;
/** Views whose leases end at a time. */
const AT_ONCE = 5;
const IDLE_SECONDS = 10;
/** Milliseconds between two requests to one view: 200 a second. */
const PACE = 5;
/** Milliseconds before and after the lease's end in which there are requests. */
const AROUND = 1_000;

test("200 requests a second come at the very moment that a lease ends", async () => {
  const gateway = await theGateway();
  const tally = new Tally();
  const views: View[] = [];
  for (let ended = 0; ended < LEASES; ended += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      const view = await gateway.create("lease", { idleSeconds: IDLE_SECONDS });
      views.push(view);
      await view.whoami();
      const until = await leaseEnd(view);
      await pause(until - AROUND - Date.now());
      const requests: Promise<unknown>[] = [];
      while (Date.now() < until + AROUND) {
        requests.push(tally.count(view.ask()));
        await pause(PACE);
      }
      await Promise.all(requests);
      await view.delete();
    }));
  }

  const left = await leftOverOf(views);
  printOutcome("lease ends", tally, left, { leases: views.length });
  expect(tally.otherwise).toEqual({});
  expect(left).toEqual({ jobs: 0, secrets: 0, services: 0 });
});

/** When a view's lease ends that is asked no more, in milliseconds; the request that woke it may still renew it. */
async function leaseEnd(view: View): Promise<number> {
  while (true) {
    const { spec, status } = (await view.job())!;
    const end = status!.startTime!.getTime() +
      spec!.activeDeadlineSeconds! * 1_000;
    if (end - Date.now() <= 2 * AROUND) return end;
    await pause(Math.min(1_000, end - Date.now() - 2 * AROUND));
  }
}
