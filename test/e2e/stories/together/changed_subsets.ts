import { expect, test } from "vitest";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { apply, viewManifest } from "../../cluster/kubectl.ts";
import { SALES } from "../../gateway/lake.ts";
import { until } from "../../until.ts";
import { View } from "../../gateway/view.ts";

const OTHER = [{ bucket: "lake", prefix: "sales/2025/" }];

test("a view whose subsets change while it is awake says so, and its pod has them after a restart", async () => {
  const gateway = await theGateway();
  await using view = new View(gateway, uniqueName("changed"));
  const give = (subsets: readonly unknown[]) =>
    apply(gateway.viewsNamespace, viewManifest(view.name, JSON.stringify({ subsets })));
  const resource = () => view.resource();

  // Given a view that is awake, …
  await give(SALES);
  expect(await view.whoami()).toMatchObject({ subsets: SALES });
  expect((await resource()).restartNeeded).toBeUndefined();

  // … when kubectl applies other subsets, …
  await give(OTHER);

  // … then the API says what its pod does not have, …
  await until("a restart is needed", async () => (await resource()).restartNeeded?.[0] === "subsets");
  expect(await view.whoami()).toMatchObject({ subsets: SALES });

  // … while the lake below its hostname is the new one already, …
  const read = async (path: string) => (await view.ask({ path, headers: { range: "bytes=0-3" } })).status;
  await until(
    "the new subset can be read",
    async () => await read("/_lake/lake/sales/2025/orders-2025-01.parquet") === 206,
  );
  expect(await read("/_lake/lake/sales/2026/orders-2026-01.parquet")).toBe(403);

  // … and a restart brings the pod up to it.
  await view.restart();
  await until("the new pod answers", async () => {
    const { subsets } = await view.whoami();
    return (subsets[0] as typeof OTHER[number]).prefix === OTHER[0]!.prefix;
  });
  expect((await resource()).restartNeeded).toBeUndefined();
});
