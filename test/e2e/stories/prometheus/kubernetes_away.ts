import { setTimeout as pause } from "node:timers/promises";
import { test } from "vitest";
import { environment } from "../../environment.ts";
import { addressOf } from "../../gateway/address_of.ts";
import { besideGateway } from "../../gateway/deployment_beside.ts";
import { theSignInGateway } from "../../gateway/gateway.ts";
import { ownReplica, replicaBeside } from "../../gateway/own_replica.ts";
import { filterPackets } from "../../node/packet_filter.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";
import { until } from "../../until.ts";

const BESIDE = "alerts-cut";
const API_SERVER_PORT = 6443;
/** A call to Kubernetes fails after ten seconds. With so many clients, one after the other, some fail at any time. */
const CLIENTS = 6;
const PACE = 1_000;
const APART = 1_500;
/** Milliseconds in which a watch gets stale, whatever the rules' durations are divided by, and some more. */
const PATIENCE = { within: 150_000, every: 500 };

const { signInNamespace: namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "an API server that does not answer raises ViewGatewayLaunchesFail, ViewGatewayReviewsFail and ViewGatewayWatchStale until it does",
  { timeout: 300_000 },
  async () => {
    await using _beside = await besideGateway(namespace, BESIDE, () => {});
    const gateway = await theSignInGateway();
    const replica = replicaBeside(gateway, BESIDE);
    const pod = await addressOf(gateway, replica);
    await using _scraped = await scrapedGateway(namespace);
    await using views = new AsyncDisposableStack();
    const own = ownReplica(gateway);
    const asleep = await Promise.all(
      Array.from({ length: CLIENTS }, async () => views.use(await gateway.create("alerts-cut", {}, own))),
    );
    // It knows the client before: what it knew of them counts on.
    for (const { name } of asleep) {
      const known = async () =>
        (await gateway.client(replica).GET("/_api/views/{name}", { params: { path: { name } } })).response.ok;
      await until("the replica knows the view", known);
    }
    const labels = { namespace };
    await fireAndResolve(
      [
        { alert: "ViewGatewayLaunchesFail", severity: "page", labels },
        { alert: "ViewGatewayReviewsFail", severity: "page", labels },
        { alert: "ViewGatewayWatchStale", severity: "page", labels: { ...labels, pod: replica.pod } },
      ],
      async () => {
        await using stack = new AsyncDisposableStack();
        stack.use(await filterPackets({ pod, port: API_SERVER_PORT }, "refused"));
        for (const view of asleep) {
          stack.use(repeatedly(() => view.askThrough(replica).catch(() => undefined), PACE));
          await pause(APART);
        }
        return stack.move();
      },
      PATIENCE,
    );
  },
);
