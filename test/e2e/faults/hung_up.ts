import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { random } from "../seed.ts";
import { Tally } from "../outcome/tally.ts";

const WAITING = 100;
const HANG_UP = 3_000;
/** Clients that hang up at a time: a gateway holds no more than a number for one view. */
const AT_ONCE = 300;
/** The longest, in milliseconds, that a client waits before it hangs up. */
const PATIENCE = 400;

test("3,000 clients hang up while held, among 100 that wait", async () => {
  const gateway = await theGateway();
  const next = random();
  const waiting = new Tally();
  let hungUp = 0;
  const view = await gateway.create("hung-up", { template: "slow" });
  const waited = Promise.all(
    Array.from(
      { length: WAITING },
      () => waiting.count(view.ask({ path: "/whoami" })),
    ),
  );
  for (let sent = 0; sent < HANG_UP; sent += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      const signal = AbortSignal.timeout(50 + Math.floor(next() * PATIENCE));
      await view.ask({ signal }).catch(() => hungUp++);
    }));
  }
  await waited;

  const left = await leftOverOf([view]);
  printOutcome("hung up", waiting, left, { "hung up": hungUp });
  expect(waiting.sent).toBe(WAITING);
  expect(waiting.otherwise).toEqual({});
  expect(hungUp).toBeGreaterThan(HANG_UP / 2);
  expect(left).toEqual(NOTHING_LEFT);
});
