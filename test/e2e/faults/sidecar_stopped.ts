import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { oneOf, random } from "../seed.ts";
import { signalContainer } from "../node/gateway_process.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";

const REQUESTS = 100;
/** Milliseconds for which the sidecar does nothing. */
const STOPPED = 20_000;

test("a sidecar stops for 20 s while it holds requests", async () => {
  const gateway = await theGateway();
  const replica = oneOf(random(), gateway.replicas);
  const tally = new Tally();
  const view = await gateway.create("stopped", { template: "slow" });
  const held = Promise.all(
    Array.from(
      { length: REQUESTS },
      () => tally.count(view.askThrough(replica, { path: "/whoami" })),
    ),
  );
  await until(
    "all are held",
    async () => await replica.sidecar("view_gateway_gate_held") === REQUESTS,
    { every: 50 },
  );

  await signalContainer(replica.pod, "sidecar", "SIGSTOP");
  try {
    await pause(STOPPED);
  } finally {
    await signalContainer(replica.pod, "sidecar", "SIGCONT");
  }
  await held;

  const left = await leftOverOf([view]);
  printOutcome("sidecar stopped", tally, left);
  expect(tally.sent).toBe(REQUESTS);
  expect(tally.otherwise).toEqual({});
  expect(left).toEqual(NOTHING_LEFT);
}, 150_000);
