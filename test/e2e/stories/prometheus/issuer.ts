import { test } from "vitest";
import { ISSUER, scaleDeployment } from "../../cluster/deployment_scale.ts";
import { environment } from "../../environment.ts";
import { theSignInGateway } from "../../gateway/gateway.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";
import { ask } from "../../client/http.ts";

/** Milliseconds between two people who sign in. */
const PACE = 500;

const { signInNamespace: namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "an issuer that is away raises ViewGatewayIssuerFails until it is back",
  { timeout: 300_000 },
  async () => {
    const gateway = await theSignInGateway();
    const replica = ownReplica(gateway);
    await using _scraped = await scrapedGateway(namespace);
    const signIn = async () => {
      await ask(await replica.public(), gateway.baseHost, {
        path: "/_auth/login",
      });
    };
    await using stack = new AsyncDisposableStack();
    await fireAndResolve(
      [{
        alert: "ViewGatewayIssuerFails",
        severity: "page",
        labels: { namespace, pod: replica.pod },
      }],
      async () => {
        await scaleDeployment(ISSUER, 0);
        // People go on to try.
        stack.use(repeatedly(signIn, PACE));
        return { [Symbol.asyncDispose]: () => scaleDeployment(ISSUER, 1) };
      },
    );
  },
);
