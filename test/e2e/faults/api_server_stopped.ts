import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway.ts";
import { leftOverOf } from "../left_over.ts";
import { printOutcome } from "../outcome_line.ts";
import { Tally } from "../tally.ts";

/** Milliseconds for which the API server does nothing. */
const STOPPED = 60_000;
/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds in which a view that did not exist before is awake: start included. */
const IN_STEP = 15_000;

test("the API server stops for 60 s under warm load", async () => {
  const apiServer = Number(process.env.API_SERVER_PID);
  expect(apiServer).toBeGreaterThan(1);
  const gateway = await theGateway();
  const view = await gateway.create("api-away");
  await view.whoami();
  const tally = new Tally();
  let running = true;
  const clients = [1, 2, 3].map(async () => {
    while (running) {
      await tally.count(view.ask());
      await pause(PACE);
    }
  });
  process.kill(apiServer, "SIGSTOP");
  try {
    await pause(STOPPED);
  } finally {
    process.kill(apiServer, "SIGCONT");
    running = false;
    await Promise.all(clients);
  }
  const started = performance.now();
  const after = await gateway.create("api-back");
  await after.whoami();
  const inStep = Math.round(performance.now() - started);

  const left = await leftOverOf([view, after]);
  printOutcome("API server stopped", tally, left, {
    "ms until a new view was awake": inStep,
  });
  expect(tally.otherwise).toEqual({});
  expect(inStep).toBeLessThan(IN_STEP);
  expect(left).toEqual({ jobs: 0, secrets: 0, services: 0 });
});
