import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { apps } from "../cluster.ts";
import { theGateway } from "../gateway.ts";
import { leftOverOf } from "../left_over.ts";
import { printOutcome } from "../outcome_line.ts";
import { Tally } from "../tally.ts";
import { until } from "../until.ts";
import type { View } from "../view.ts";

/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds that pods live on after they were replaced. */
const DRAIN = 30_000;

test("the gateway's Deployment is rolled under warm and cold load", async () => {
  const gateway = await theGateway();
  const { namespace } = gateway;
  const name = "view-gateway";
  const view = await gateway.create("rolled-warm");
  await view.whoami();
  const warm = new Tally();
  const cold = new Tally();
  const woken: View[] = [];
  let rolling = true;
  const reader = async () => {
    while (rolling) {
      await warm.count(view.ask());
      await pause(PACE);
    }
  };
  const waker = async () => {
    while (rolling) {
      const one = await gateway.create("rolled-cold");
      woken.push(one);
      await cold.count(one.ask());
      await one.delete();
    }
  };
  const clients = [reader(), reader(), reader(), waker()];
  try {
    const path = "/spec/template/metadata/annotations/faults~1restarted";
    const body = [{ op: "add", path, value: new Date().toISOString() }];
    await apps.patchNamespacedDeployment({ namespace, name, body });
    await until("all gateways are new ones", async () => {
      const { metadata, spec, status } = await apps.readNamespacedDeployment({
        namespace,
        name,
      });
      const { replicas } = spec!;
      return status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === replicas &&
        status?.replicas === replicas && status?.availableReplicas === replicas;
    }, { within: 120_000, every: 500 });
    await pause(DRAIN);
  } finally {
    rolling = false;
    await Promise.all(clients);
  }

  const left = await leftOverOf([view, ...woken]);
  printOutcome("gateway rolled, warm", warm, left);
  printOutcome("gateway rolled, cold", cold, left);
  expect(warm.otherwise).toEqual({});
  expect(cold.otherwise).toEqual({});
  expect(left).toEqual({ jobs: 0, secrets: 0, services: 0 });
});
