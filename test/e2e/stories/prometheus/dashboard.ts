import { expect, test } from "vitest";
import { environment } from "../../environment.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { ownReplica } from "../../gateway/own_replica.ts";
import { DASHBOARD_QUERIES, hasData, needsTls, type PanelQuery } from "../../prometheus/dashboard.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";
import { until } from "../../until.ts";

const { namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "each query of the dashboard has an answer while views wake, cold and warm",
  { timeout: 180_000 },
  async () => {
    const gateway = await theGateway();
    const replica = ownReplica(gateway);
    await using _scraped = await scrapedGateway(namespace);
    await using _traffic = repeatedly(async () => {
      await using cold = await gateway.create(
        "dashboard",
        { subsets: SALES },
        replica,
      );
      await using warm = await gateway.create("dashboard", { template: "default-warm" }, replica);
      for (const view of [cold, warm]) {
        expect((await view.askThrough(replica)).status).toBe(200);
      }
    }, 500);
    const wanted = DASHBOARD_QUERIES.filter((each) => !needsTls(each));
    let silent: readonly PanelQuery[] = wanted;
    const answered = async () => {
      const found = await Promise.all(
        silent.map(async (each) => ({
          each,
          has: await hasData(each, namespace),
        })),
      );
      silent = found.filter(({ has }) => !has).map(({ each }) => each);
      return silent.length === 0;
    };
    await until("each query has an answer", answered, { within: 60_000, every: 1_000 }).catch(() => undefined);

    expect(wanted.length).toBeGreaterThan(0);
    expect(silent).toEqual([]);
  },
);
