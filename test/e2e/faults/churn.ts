import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { theGateway } from "../gateway/gateway.ts";
import { type Container, memoryOf } from "../node/gateway_process.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";

const VIEWS = 50;
const IDLE_SECONDS = 10;
/** As many as an hour has of a hundred views that each wake every three minutes; or what the limit has time for. */
const WAKES = 2_000;
/** Milliseconds from an answer until the view is asked again: its lease, renewed once more, is over by then. */
const REST = IDLE_SECONDS * 1_000 + 8_000;
const LIMIT = 900_000;
/** Milliseconds between looks at the memory. */
const LOOK = 5_000;
/** How much more memory the last quarter of the looks may find than the second, in the median. */
const GROWTH = 1.1;

test("memory is flat while views wake and fall asleep, thousands of times", async () => {
  const gateway = await theGateway();
  const tally = new Tally();
  const views = await Promise.all(
    Array.from({ length: VIEWS }, () => gateway.create("churn", { idleSeconds: IDLE_SECONDS })),
  );
  const pods = new Set<string>();
  const memory = { envoy: [] as number[], sidecar: [] as number[] };
  const end = performance.now() + LIMIT;
  const more = () => pods.size < WAKES && performance.now() < end;
  const clients = views.map(async (view, i) => {
    await pause(REST * i / VIEWS);
    while (more()) {
      const answer = await tally.count(view.ask({ path: "/whoami" }));
      if (answer?.status === 200) pods.add(answer.json().pod);
      await pause(REST);
    }
  });
  while (more()) {
    for (const container of ["envoy", "sidecar"] as const) {
      const all = await Promise.all(gateway.replicas.map(({ pod }) => memoryOf(pod, container)));
      memory[container].push(Math.max(...all));
    }
    await pause(LOOK);
  }
  await Promise.all(clients);

  const left = await leftOverOf(views);
  const grown = (container: Container) => quarter(memory[container], 3) / quarter(memory[container], 1);
  printOutcome("churn", tally, left, {
    wakes: pods.size,
    ...Object.fromEntries((["envoy", "sidecar"] as const).flatMap((container) => [
      [`${container}: MiB early`, Math.round(quarter(memory[container], 1))],
      [`${container}: MiB late`, Math.round(quarter(memory[container], 3))],
    ])),
  });
  expect(tally.otherwise).toEqual({});
  expect(pods.size).toBeGreaterThan(WAKES / 4);
  expect(grown("envoy")).toBeLessThan(GROWTH);
  expect(grown("sidecar")).toBeLessThan(GROWTH);
  expect(left).toEqual(NOTHING_LEFT);
}, LIMIT + 120_000);

/** The median of one quarter of what was measured, from 0 to 3. */
function quarter(values: readonly number[], which: number): number {
  const size = values.length / 4;
  const part = values.slice(Math.floor(which * size), Math.floor((which + 1) * size)).sort((a, b) => a - b);
  return part[Math.floor(part.length / 2)]!;
}
