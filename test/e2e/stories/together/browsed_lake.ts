import { expect, test } from "vitest";
import { dataOf } from "../../client/api_client.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { LakeBrowser } from "../../gateway/lake_browser.ts";

test("where no grants are configured, a person who may create views browses the whole lake", async () => {
  const gateway = await theGateway();
  await using browser = await LakeBrowser.at(gateway);
  const client = browser.through();
  const browse = (
    query: { readonly bucket?: string; readonly prefix?: string },
  ) => client.GET("/_api/lake", { params: { query } });

  // Without the right to create views, nobody learns what is in the lake.
  const refused = await browse({ bucket: "lake" });
  expect(refused.response.status).toBe(403);
  expect(refused.error).toMatchObject({ type: "urn:view-gateway:forbidden" });

  await browser.mayCreate();
  expect(dataOf(await browse({}))).toMatchObject({
    buckets: expect.arrayContaining([{ bucket: "lake", access: "readwrite" }]),
  });
  expect(dataOf(await browse({ bucket: "lake" }))).toMatchObject({
    prefixes: expect.arrayContaining(["sales/", "sales-secret/"]),
  });
  expect(dataOf(await browse({ bucket: "lake", prefix: "sales/2026/" })))
    .toMatchObject({
      access: "readwrite",
      objects: expect.arrayContaining([
        expect.objectContaining({
          key: "sales/2026/orders-2026-01.parquet",
          bytes: expect.any(Number),
        }),
      ]),
    });
  // The gateway's own role is for one bucket.
  const other = await browse({ bucket: "there-is-none" });
  expect(other.response.status).toBe(403);
  expect(other.error).toMatchObject({
    type: "urn:view-gateway:lake-denied",
    reason: "AccessDenied",
  });
});
