import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { apps, core, ifThere } from "../cluster/cluster.ts";
import { theGateway } from "../gateway/gateway.ts";
import { leftOverOf, NOTHING_LEFT } from "../outcome/left_over.ts";
import { printOutcome } from "../outcome/outcome_line.ts";
import { Tally } from "../outcome/tally.ts";
import { until } from "../until.ts";
import type { Replica } from "../gateway/replica.ts";
import type { View } from "../gateway/view.ts";

/** Milliseconds between two requests of one client. */
const PACE = 20;
/** Milliseconds that pods live on after they were replaced. */
const DRAIN = 30_000;
/** Milliseconds from its pod's deletion for which a WebSocket stays open: Envoy's preStop, less what it takes to see. */
const OPEN = 24_000;

test("the gateway's Deployment is rolled under warm and cold load", async () => {
  const gateway = await theGateway();
  const { namespace } = gateway;
  const name = "view-gateway";
  const view = await gateway.create("rolled-warm");
  await view.whoami();
  const warm = new Tally();
  const cold = new Tally();
  const woken: View[] = [];
  /** Milliseconds for which each WebSocket was open after its gateway's pod was deleted. */
  const open: number[] = [];
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
  const sockets = await Promise.all(gateway.replicas.map((replica) => openSocket(view, replica)));
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
    open.push(...await Promise.all(sockets.map(({ closed }) => closed)));
  } finally {
    rolling = false;
    await Promise.all(clients);
  }

  const left = await leftOverOf([view, ...woken]);
  printOutcome("gateway rolled, warm", warm, left, { "least ms that a WebSocket stayed open": Math.min(...open) });
  printOutcome("gateway rolled, cold", cold, left);
  expect(warm.otherwise).toEqual({});
  expect(cold.otherwise).toEqual({});
  expect(open.length).toBe(gateway.replicas.length);
  expect(Math.min(...open)).toBeGreaterThan(OPEN);
  expect(left).toEqual(NOTHING_LEFT);
});

/** A WebSocket through one gateway. */
interface Socket {
  /** Resolves, once it is closed, with the milliseconds for which it was open after the gateway's pod was deleted. */
  readonly closed: Promise<number>;
}

async function openSocket(view: View, replica: Replica): Promise<Socket> {
  const origin = (await replica.public()).replace(/^http/, "ws");
  const socket = new WebSocket(`${origin}/ws`, { headers: { ...view.proof.headers, host: view.host } });
  await once(socket, "message");
  const { namespace } = view.gateway;
  const deleted = until(`${replica.pod} is deleted`, async () => {
    const pod = await ifThere(core.readNamespacedPod({ namespace, name: replica.pod }));
    return (pod === undefined || pod.metadata!.deletionTimestamp !== undefined) && Date.now();
  }, { within: 120_000, every: 250 });
  const closed = once(socket, "close").then(() => Date.now());
  return { closed: Promise.all([deleted, closed]).then(([from, to]) => to - from) };
}
