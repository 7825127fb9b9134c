import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { besideGateway, setVariables } from "../../gateway/deployment_beside.ts";
import { theOtherGateway } from "../../gateway/gateway.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import { signalContainer } from "../../node/gateway_process.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";

const BESIDE = "alerts-full";
const RUNNING_VIEWS = 2;

const { otherNamespace: namespace, prometheus } = environment();
const labels = { namespace };

test.skipIf(prometheus === undefined)(
  "sidecars that hang raise ViewGatewayDown and ViewGatewayNotReady until they go on",
  { timeout: 300_000 },
  async () => {
    const { replicas } = await theOtherGateway();
    const [{ pod }] = replicas as [typeof replicas[number]];
    await using _scraped = await scrapedGateway(namespace);
    const all = (signal: NodeJS.Signals) =>
      Promise.all(replicas.map(({ pod }) => signalContainer(pod, "sidecar", signal)));
    await fireAndResolve(
      [
        { alert: "ViewGatewayDown", severity: "page", labels: { ...labels, container: "sidecar" } },
        { alert: "ViewGatewayNotReady", severity: "warning", labels: { ...labels, pod, container: "sidecar" } },
      ],
      async () => {
        await all("SIGSTOP");
        return {
          async [Symbol.asyncDispose]() {
            await all("SIGCONT");
          },
        };
      },
    );
  },
);

test.skipIf(prometheus === undefined)(
  "as many views as may run raise ViewGatewayRunningViewsFull until one is deleted",
  { timeout: 300_000 },
  async () => {
    // It has a small limit. The gateway's own replicas wake the views.
    await using _full = await besideGateway(namespace, BESIDE, (pod) => setVariables(pod, { RUNNING_VIEWS }));
    const gateway = await theOtherGateway();
    const replica = ownReplica(gateway);
    await using _scraped = await scrapedGateway(namespace);
    await fireAndResolve(
      [
        { alert: "ViewGatewayRunningViewsFull", severity: "warning", labels },
        { alert: "ViewGatewayRunningViewsFull", severity: "page", labels },
      ],
      async () => {
        await using stack = new AsyncDisposableStack();
        for (let running = 0; running < RUNNING_VIEWS; running++) {
          const view = stack.use(
            await gateway.create("alerts-full", {}, replica),
          );
          expect((await view.askThrough(replica)).status).toBe(200);
        }
        return stack.move();
      },
    );
  },
);
