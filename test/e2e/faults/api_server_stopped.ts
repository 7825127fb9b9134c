import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { signalProgram } from "../node/node_program.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { repeatedly } from "../repeatedly.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";
import { untilAllKnow } from "../gateway/until_all_know.ts";
import { untilAllReady } from "../gateway/until_all_ready.ts";

/** Milliseconds for which the API server does nothing. */
const STOPPED = 60_000;
/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds in which a client gets an answer that a view cannot wake. A call of Kubernetes may take ten seconds. */
const REFUSED_WITHIN = 15_000;
/** Milliseconds in which all gateways know a new view. */
const IN_STEP = 15_000;

test("the API server stops for 60 s under warm load", async () => {
  const gateway = await theGateway();
  const view = await gateway.create("api-away");
  const asleep = await gateway.create("api-away-asleep");
  await view.whoami();
  const tally = new Tally();
  const refused = new Tally();
  /** Milliseconds until a client gets an answer that a view cannot wake now. */
  let longest = 0;
  const clients = [1, 2, 3].map(() => repeatedly(() => tally.count(view.ask()), PACE));
  await signalProgram("kube-apiserver", "SIGSTOP");
  try {
    const end = performance.now() + STOPPED;
    while (performance.now() < end) {
      const began = performance.now();
      const answer = await refused.count(asleep.ask());
      longest = Math.max(longest, performance.now() - began);
      expect(answer?.status, answer?.text).toBe(503);
      expect(answer?.headers["retry-after"]).toMatch(/^\d+$/);
      await pause(1_000);
    }
  } finally {
    await signalProgram("kube-apiserver", "SIGCONT");
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
  const started = performance.now();
  const after = await gateway.create("api-back");
  await untilAllKnow(gateway, after, IN_STEP);
  const inStep = Math.round(performance.now() - started);
  // Kubernetes took its only node for lost when it was back, and schedules nothing there for a while.
  const wakes = async () => (await after.ask()).status === 200;
  await until("the view wakes", wakes, { within: 60_000, every: 500 });
  const woken = Math.round(performance.now() - started);
  // It has also called the gateways unready meanwhile, which the next fault would find.
  await untilAllReady(gateway);

  const left = await leftOverOf([view, asleep, after]);
  printOutcome("API server stopped, asleep", refused, left, { "longest ms until refused": Math.round(longest) });
  printOutcome("API server stopped", tally, left, {
    "ms until all gateways were in step": inStep,
    "ms until a new view was awake": woken,
  });
  expect(tally.otherwise).toEqual({});
  expect(longest).toBeLessThan(REFUSED_WITHIN);
  expect(inStep).toBeLessThan(IN_STEP);
  expect(left).toEqual(NOTHING_LEFT);
});
