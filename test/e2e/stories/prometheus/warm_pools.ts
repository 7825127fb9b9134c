import { dumpYaml, loadYaml, type V1Job } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { odd } from "../../gateway/odd_pod.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import { Pool } from "../../gateway/pool.ts";
import { setTemplate, templateText } from "../../gateway/templates.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";

/** Milliseconds between two wakes. Each of them starts a pod of its own, and ends it. */
const PACE = 2_000;

test.skipIf(environment().prometheus === undefined)(
  "pods that refuse their assignment raise ViewGatewayAssignmentsFail until views do without them",
  { timeout: 300_000 },
  async () => {
    const gateway = await theGateway();
    const replica = ownReplica(gateway);
    await using pool = await Pool.full(gateway, "alerts-odd", { base: "duckdb", change: odd("answers 500") });
    await using _scraped = await scrapedGateway(gateway.namespace);
    await fireAndResolve(
      [{ alert: "ViewGatewayAssignmentsFail", severity: "warning", labels: { namespace: gateway.namespace } }],
      () =>
        Promise.resolve(repeatedly(async () => {
          await using view = await gateway.create("alerts-odd", { template: pool.template }, replica);
          const answer = await view.askThrough(replica);
          // The pods of other stories may fill the node: that is no fault of an assignment.
          if (answer.status !== 200) expect(answer.text).toMatch(/"reason":"Unschedulable"/);
        }, PACE)),
    );
  },
);

test.skipIf(environment().prometheus === undefined)(
  "a pool whose image nobody has raises ViewGatewayPoolLacksPods until its template names another one",
  { timeout: 300_000 },
  async () => {
    const gateway = await theGateway();
    const { namespace, viewsNamespace } = gateway;
    await using _scraped = await scrapedGateway(namespace);
    let pool: Pool | undefined;
    try {
      const labels = { namespace };
      const [alert] = await fireAndResolve(
        [{ alert: "ViewGatewayPoolLacksPods", severity: "warning", labels }],
        async () => {
          let image: string;
          const change = ({ spec }: V1Job) => {
            const [container] = spec!.template.spec!.containers;
            image = container!.image!;
            container!.image = "127.0.0.1:1/none:v1";
          };
          const made = pool = await Pool.of(gateway, "alerts-lacks", { change });
          return {
            async [Symbol.asyncDispose]() {
              const template = loadYaml<V1Job>(await templateText(viewsNamespace, made.template));
              template.spec!.template.spec!.containers[0]!.image = image;
              await setTemplate(viewsNamespace, made.template, dumpYaml(template));
            },
          };
        },
      );
      expect(alert!.labels.template).toBe(pool!.template);
    } finally {
      await pool?.[Symbol.asyncDispose]();
    }
  },
);
