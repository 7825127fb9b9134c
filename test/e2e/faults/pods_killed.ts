import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { recordDeliveries } from "../outcome/deliveries.ts";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { killPod } from "../node/pod_process.ts";
import { Tally } from "../outcome/tally.ts";

const KILLS = 5;
/** Milliseconds between kills, and from the first request to the first kill. */
const KILL_EVERY = 6_000;

test("a view's pod is killed again and again under load", async () => {
  const gateway = await theGateway();
  await using deliveries = await recordDeliveries();
  const view = await gateway.create("pod-killed", { template: "recorded" });
  await view.whoami();
  const safe = new Tally();
  const posts = new Tally();
  let running = true;
  const reader = async (method: "GET" | "HEAD") => {
    while (running) {
      await safe.count(view.ask({ method }));
      await pause(10);
    }
  };
  /** What was answered 200. */
  const accepted: string[] = [];
  const writer = async () => {
    while (running) {
      const delivery = randomUUID();
      const request = { method: "POST", path: "/echo", headers: { "x-delivery": delivery }, body: delivery } as const;
      const answer = await posts.count(view.ask(request));
      if (answer?.status === 200) accepted.push(delivery);
      await pause(5);
    }
  };
  const clients = [
    reader("GET"),
    reader("GET"),
    reader("HEAD"),
    writer(),
    writer(),
  ];
  let kills = 0;
  try {
    for (let i = 0; i < KILLS; i++) {
      await pause(KILL_EVERY);
      for (const { metadata, status } of await view.pods()) {
        if (status?.phase === "Running") kills += await killPod(metadata!.name!);
      }
    }
    await pause(KILL_EVERY);
  } finally {
    running = false;
    await Promise.all(clients);
  }

  const most = Math.max(...deliveries.counts.values());
  const lost = accepted.filter((delivery) => !deliveries.counts.has(delivery)).length;
  const left = await leftOverOf([view]);
  printOutcome("pods killed, GET and HEAD", safe, left, { kills });
  printOutcome("pods killed, POST", posts, left, { kills, "most deliveries of one": most });
  expect(safe.otherwise).toEqual({});
  expect(kills).toBeGreaterThanOrEqual(KILLS - 1);
  expect([most, lost]).toEqual([1, 0]);
  // An honest refusal at worst.
  expect(Object.keys(posts.otherwise).filter((outcome) => outcome !== "503"))
    .toEqual([]);
  expect(left).toEqual(NOTHING_LEFT);
});
