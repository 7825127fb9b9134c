import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { besideGateway } from "../../gateway/deployment_beside.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { ownReplica, replicaBeside } from "../../gateway/own_replica.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";

const BESIDE = "alerts-refuses";
/** Without it, Envoy takes no cluster of a view. */
const EXTENSION = "envoy.clusters/envoy.cluster.eds";

const { namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "an Envoy without an extension raises ViewGatewayEnvoyRefusesConfiguration and ViewGatewayGateFaults until no view needs it",
  { timeout: 300_000 },
  async () => {
    await using _beside = await besideGateway(namespace, BESIDE, ({ containers }) => {
      containers.find(({ name }) => name === "envoy")!.args!.push("--disable-extensions", EXTENSION);
    });
    const gateway = await theGateway();
    const replica = replicaBeside(gateway, BESIDE);
    await using _scraped = await scrapedGateway(namespace);
    const labels = { namespace };
    await fireAndResolve(
      [
        {
          alert: "ViewGatewayEnvoyRefusesConfiguration",
          severity: "warning",
          labels: { ...labels, pod: replica.pod, type: "Cluster" },
        },
        { alert: "ViewGatewayGateFaults", severity: "warning", labels: { ...labels, outcome: "not routed" } },
        { alert: "ViewGatewayGateFaults", severity: "page", labels },
      ],
      async () => {
        await using stack = new AsyncDisposableStack();
        const own = ownReplica(gateway);
        const view = stack.use(await gateway.create("alerts-refused", {}, own));
        expect((await view.askThrough(own)).status).toBe(200);
        stack.use(repeatedly(async () => expect((await view.askThrough(replica)).status).toBe(503), 500));
        return stack.move();
      },
    );
  },
);
