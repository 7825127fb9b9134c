import { deepEqual, match } from "node:assert/strict";
import { askPython, python } from "./python.ts";
import { NEIGHBOURS, ROWS, SalesLake } from "./sales_lake.ts";

const PACKAGES = ["polars==2.1.0", "polars-runtime-32==2.1.0"];

// Its way to S3 is Rust's object_store, which others have too.
Deno.test("polars reads a view's own files, at S3 and through the gateway", { ignore: !python }, async (t) => {
  await using lake = await SalesLake.start();
  const { accessKeyId, secretAccessKey, sessionToken } = lake.keys;
  const keys = {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
  };
  const ways = { "S3": [lake.s3, keys], "the gateway": [lake.below, { aws_skip_signature: "true" }] } as const;

  for (const [way, [endpoint, credentials]] of Object.entries(ways)) {
    await t.step(way, async () => {
      const options = { aws_endpoint_url: endpoint, aws_region: "us-east-1", aws_allow_http: "true", ...credentials };
      const count = (...keys: string[]) =>
        askPython("polars_client.py", PACKAGES, { options, paths: keys.map((key) => `s3://lake/${key}`) });
      deepEqual(
        await count("sales/2026/", "sales/2026/*.parquet", "sales/2026/**/*.parquet", "sales/2026/orders.parquet"),
        [2 * ROWS, ROWS, 2 * ROWS, ROWS],
      );
      match(String(await count("sales/2026/none.parquet")), /^FileNotFoundError: /);
      for (const error of await count(...NEIGHBOURS, "sales/2026-secret/", "sales/*/*.parquet")) {
        match(String(error), /403 Forbidden/);
      }
    });
  }
});
