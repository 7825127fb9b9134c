import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { addressOf } from "../../gateway/address_of.ts";
import { type Gateway, theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import type { Replica } from "../../gateway/replica.ts";
import type { Spec } from "../../gateway/view.ts";
import { filterPackets } from "../../node/packet_filter.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";

const MINIO_PORT = 9000;
/** Milliseconds between two starts. */
const PACE = 500;

test.skipIf(environment().prometheus === undefined)(
  "a template whose image nobody has raises ViewGatewayStartsFail until it is used no more",
  { timeout: 300_000 },
  async () => {
    const gateway = await theGateway();
    const replica = ownReplica(gateway);
    await using _scraped = await scrapedGateway(gateway.namespace);
    const labels = { namespace: gateway.namespace };
    const [warning] = await fireAndResolve(
      [
        { alert: "ViewGatewayStartsFail", severity: "warning", labels },
        { alert: "ViewGatewayStartsFail", severity: "page", labels },
      ],
      () =>
        Promise.resolve(
          starting(
            gateway,
            replica,
            { template: "no-image" },
            /^(ErrImagePull|ImagePullBackOff)$/,
          ),
        ),
    );
    expect(warning!.annotations.description).toMatch(/the reason (ErrImagePull|ImagePullBackOff)/);
  },
);

test.skipIf(environment().prometheus === undefined)(
  "an STS that a gateway cannot connect to raises ViewGatewayCredentialsFail until it can",
  { timeout: 300_000 },
  async () => {
    const gateway = await theGateway();
    const replica = ownReplica(gateway);
    const pod = await addressOf(gateway, replica);
    await using _scraped = await scrapedGateway(gateway.namespace);
    await fireAndResolve(
      [{
        alert: "ViewGatewayCredentialsFail",
        severity: "page",
        labels: { namespace: gateway.namespace },
      }],
      async () => {
        await using stack = new AsyncDisposableStack();
        stack.use(await filterPackets({ pod, port: MINIO_PORT }, "refused"));
        stack.use(starting(gateway, replica, { subsets: SALES }, /^StsUnreachable$/));
        return stack.move();
      },
    );
  },
);

/** Views that somebody opens, one after the other, and that cannot start. */
function starting(gateway: Gateway, replica: Replica, spec: Spec, reason: RegExp): AsyncDisposable {
  return repeatedly(async () => {
    await using view = await gateway.create("alerts-start", spec, replica);
    const answer = await view.askThrough(replica);
    expect(answer.status, answer.text).toBe(503);
    expect(answer.json().reason).toMatch(reason);
  }, PACE);
}
