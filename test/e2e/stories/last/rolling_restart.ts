import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { apps } from "../../cluster/cluster.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { until } from "../../until.ts";

/** Milliseconds between two requests of one client. */
const PACE = 20;

test(
  "rolling the gateway's Deployment loses no request, neither of a warm view nor of one that is woken",
  async () => {
    const gateway = await theGateway();
    const { namespace } = gateway;
    await using warm = await gateway.create("rolled");
    await warm.whoami();
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    let rolling = true;
    const client = async () => {
      while (rolling) {
        await warm.ask().then(
          ({ status }) => count(String(status)),
          (error) => count(String(error)),
        );
        await pause(PACE);
      }
    };
    const woken = async () => {
      while (rolling) {
        await using cold = await gateway.create("rolled-cold");
        await cold.ask().then(
          ({ status }) => count(`woken ${status}`),
          (error) => count(`woken ${error}`),
        );
      }
    };
    const clients = [client(), client(), client(), woken()];

    const path = "/spec/template/metadata/annotations/e2e~1restarted";
    const restart = [{ op: "add", path, value: new Date().toISOString() }];
    await apps.patchNamespacedDeployment({
      namespace,
      name: "view-gateway",
      body: restart,
    });
    await until("both gateways are new ones", async () => {
      const { status, metadata } = await apps.readNamespacedDeployment({
        namespace,
        name: "view-gateway",
      });
      return status?.observedGeneration === metadata?.generation &&
        status?.updatedReplicas === 2 &&
        status.replicas === 2 && status.availableReplicas === 2;
    }, { within: 90_000, every: 500 });
    // Pods that were replaced live on for as long as they drain.
    await pause(30_000);
    rolling = false;
    await Promise.all(clients);

    console.log(Object.fromEntries(outcomes));
    expect([...outcomes.keys()].sort()).toEqual(["200", "woken 200"]);
  },
  200_000,
);
