import { test } from "vitest";
import { environment } from "../../environment.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { setTemplate } from "../../gateway/templates.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";

const { namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "a template that is no Job raises ViewGatewayObjectUnusable until it is removed",
  { timeout: 300_000 },
  async () => {
    const { viewsNamespace } = await theGateway();
    const template = uniqueName("alerts-broken");
    await using _scraped = await scrapedGateway(namespace);
    await fireAndResolve(
      [{ alert: "ViewGatewayObjectUnusable", severity: "warning", labels: { namespace, object: "templates" } }],
      async () => {
        await setTemplate(viewsNamespace, template, "kind: Pod");
        return { [Symbol.asyncDispose]: () => setTemplate(viewsNamespace, template, undefined) };
      },
    );
  },
);
