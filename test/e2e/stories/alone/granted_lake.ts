import { afterEach, expect, test } from "vitest";
import { core, ifThere } from "../../cluster/cluster.ts";
import { dataOf } from "../../client/api_client.ts";
import { environment } from "../../environment.ts";
import { deployBeside, removeBeside, setVariables } from "../../gateway/deployment_beside.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { replicaBeside } from "../../gateway/own_replica.ts";
import { LakeBrowser } from "../../gateway/lake_browser.ts";

const BESIDE = "view-gateway-with-grants";
/** The gateway's Role lets it read this one. */
const GRANTS = "view-gateway-grants";

afterEach(async () => {
  const { viewsNamespace } = await theGateway();
  await removeBeside(environment().namespace, BESIDE);
  await ifThere(
    core.deleteNamespacedConfigMap({ namespace: viewsNamespace, name: GRANTS }),
  );
});

test(
  "a person browses the part of the lake that the grants name, is led to it, and is refused elsewhere",
  {
    timeout: 180_000,
  },
  async () => {
    // Given a replica with grants, beside those without any.
    const before = await theGateway();
    await using stranger = await LakeBrowser.at(before);
    const grants = [{
      users: [stranger.user],
      subsets: [{ bucket: "lake", prefix: "sales/2026/" }],
    }];
    await core.createNamespacedConfigMap({
      namespace: before.viewsNamespace,
      body: {
        metadata: { name: GRANTS },
        data: { "grants.yaml": JSON.stringify({ grants }) },
      },
    });
    await deployBeside(before.namespace, BESIDE, (pod) => setVariables(pod, { GRANTS_CONFIG_MAP: GRANTS }));
    const gateway = await theGateway();
    const replica = replicaBeside(gateway, BESIDE);
    const person = stranger.through(replica);
    const browse = (
      query: { readonly bucket?: string; readonly prefix?: string },
    ) => person.GET("/_api/lake", { params: { query } });
    expect((await browse({})).error).toMatchObject({
      type: "urn:view-gateway:forbidden",
    });

    await stranger.mayCreate(replica);

    // They see their part of the lake …
    expect(dataOf(await browse({}))).toEqual({
      buckets: [{ bucket: "lake", prefixes: ["sales/2026/"], access: "read" }],
    });
    const own = dataOf(await browse({ bucket: "lake", prefix: "sales/2026/" }));
    expect(own).toMatchObject({
      access: "read",
      objects: expect.arrayContaining([
        expect.objectContaining({ key: "sales/2026/orders-2026-01.parquet" }),
      ]),
    });
    // … above it, only the way there …
    const above = [["", "sales/"], ["sales/", "sales/2026/"]] as const;
    for (const [prefix, further] of above) {
      const way = await browse({
        bucket: "lake",
        ...prefix !== "" && { prefix },
      });
      expect(dataOf(way)).toEqual({
        bucket: "lake",
        prefix,
        prefixes: [further],
        objects: [],
      });
    }
    // … and nothing elsewhere.
    const elsewhere = [{ bucket: "lake", prefix: "sales-secret/" }, {
      bucket: "lake",
      prefix: "sales/2025/",
    }, {
      bucket: "other",
    }];
    for (const place of elsewhere) {
      const { response, error } = await browse(place);
      expect(response.status, JSON.stringify(place)).toBe(403);
      expect(error).toMatchObject({ type: "urn:view-gateway:beyond-grants" });
      expect(JSON.stringify(error)).not.toMatch(/margins|orders/);
    }
    // Somebody whom no grant names sees nothing, and creates no view with it either.
    await using nobody = await LakeBrowser.at(gateway);
    await nobody.mayCreate(replica);
    const other = nobody.through(replica);
    expect(dataOf(await other.GET("/_api/lake"))).toEqual({ buckets: [] });
    const { error } = await other.GET("/_api/lake", {
      params: { query: { bucket: "lake" } },
    });
    expect(error).toMatchObject({ type: "urn:view-gateway:beyond-grants" });
  },
);
