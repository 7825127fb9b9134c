import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { objectsOf } from "../cluster/cluster.ts";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { restartProgram, signalProgram } from "../node/node_program.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { repeatedly } from "../repeatedly.ts";
import { Tally } from "../outcome/tally.ts";
import { untilAllKnow } from "../gateway/until_all_know.ts";

const AWAKE = 5;
const ASLEEP = 5;
/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds for which neither runs. */
const DOWN = 10_000;
/** Milliseconds in which every gateway hears of what happened in the meantime. */
const IN_STEP = 20_000;

test("etcd and the API server are killed and started again", async () => {
  const gateway = await theGateway();
  const awake = await Promise.all(Array.from({ length: AWAKE }, () => gateway.create("etcd-awake")));
  const asleep = await Promise.all(Array.from({ length: ASLEEP }, () => gateway.create("etcd-asleep")));
  await Promise.all(awake.map((view) => view.whoami()));
  const warm = new Tally();
  const cold = new Tally();
  const clients = awake.map((view) => repeatedly(() => warm.count(view.ask()), PACE));
  try {
    await signalProgram("kube-apiserver", "SIGKILL");
    await signalProgram("etcd", "SIGKILL");
    await pause(DOWN);
    await restartProgram("etcd");
    await restartProgram("kube-apiserver");
  } finally {
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  }
  const began = performance.now();
  // What the API server knew of changes went with it, so that every watch has to begin with a list.
  const added = await gateway.create("etcd-added");
  await untilAllKnow(gateway, added, IN_STEP);
  const inStep = Math.round(performance.now() - began);
  // Kubernetes' own controllers come back in their own time.
  await Promise.all([...asleep, added].map((view) => cold.count(view.ask())));
  const woken = Math.round(performance.now() - began);

  const views = [...awake, ...asleep, added];
  const lost = (await Promise.all(views.map(({ name }) => objectsOf(gateway.viewsNamespace, name))))
    .filter((objects) => !objects.some((object) => object.startsWith("Service/")));
  const left = await leftOverOf(views);
  printOutcome("etcd restarted, warm", warm, left, { "views lost": lost.length });
  printOutcome("etcd restarted, cold afterwards", cold, left, {
    "ms until all gateways were in step": inStep,
    "ms until all views were awake": woken,
  });
  expect(warm.otherwise).toEqual({});
  expect(cold.otherwise).toEqual({});
  expect(lost).toEqual([]);
  expect(left).toEqual(NOTHING_LEFT);
});
