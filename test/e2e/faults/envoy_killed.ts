import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { signalContainer } from "../node/gateway_process.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { oneOf, random } from "../seed.ts";
import { repeatedly } from "../repeatedly.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";

/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Requests that each Envoy holds when one of them dies. */
const HELD = 20;
/** Milliseconds from the kill until the killed one answers again. */
const BACK = 20_000;

test("one Envoy of three is killed", async () => {
  const gateway = await theGateway();
  const killed = oneOf(random(), gateway.replicas);
  const others = gateway.replicas.filter((replica) => replica !== killed);
  const warmView = await gateway.create("envoy-warm");
  const coldView = await gateway.create("envoy-cold", { template: "slow" });
  await warmView.whoami();
  const lost = new Tally();
  const warm = new Tally();
  const held = new Tally();
  const heldByKilled = new Tally();

  const clients = gateway.replicas.map((replica) =>
    repeatedly(() => (replica === killed ? lost : warm).count(warmView.askThrough(replica)), PACE)
  );
  const waiting = gateway.replicas.flatMap((replica) =>
    Array.from({ length: HELD }, () => (replica === killed ? heldByKilled : held).count(coldView.askThrough(replica)))
  );
  let back: number;
  try {
    const holds = async () => await killed.sidecar("view_gateway_gate_held") === HELD;
    await until("the requests are held", holds, { every: 50 });
    await signalContainer(killed.pod, "envoy", "SIGKILL");
    const began = performance.now();
    await pause(500);
    const answers = async () => (await warmView.askThrough(killed).catch(() => undefined))?.status === 200;
    await until("the killed Envoy is back", answers, { within: BACK });
    back = Math.round(performance.now() - began);
    await Promise.all(waiting);
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }

  const left = await leftOverOf([warmView, coldView]);
  printOutcome("Envoy killed, through the others, warm", warm, left);
  printOutcome("Envoy killed, through the others, held", held, left);
  printOutcome("Envoy killed, through itself, warm", lost, left, { "ms until it was back": back });
  printOutcome("Envoy killed, through itself, held", heldByKilled, left);
  expect([warm.otherwise, held.otherwise]).toEqual([{}, {}]);
  expect([warm.sent > 0, held.sent]).toEqual([true, HELD * others.length]);
  // What it carried is lost with its connections: nobody answers in its place.
  expect(heldByKilled.ok).toBe(0);
  const answered = [lost, heldByKilled].flatMap(({ otherwise }) => Object.keys(otherwise)).filter((outcome) =>
    /^\d+$/.test(outcome)
  );
  expect(answered).toEqual([]);
  expect(left).toEqual(NOTHING_LEFT);
});
