import { deepEqual } from "node:assert/strict";
import { askPython, python } from "./python.ts";
import { NEIGHBOURS, OWN, SalesLake } from "./sales_lake.ts";

const PACKAGES = [
  "boto3==1.44.8",
  "botocore==1.44.8",
  "jmespath==1.1.0",
  "python-dateutil==2.9.0.post0",
  "s3transfer==0.19.3",
  "six==1.17.0",
  "urllib3==2.8.0",
];

Deno.test("boto3 reads a view's own files, at S3 and through the gateway", { ignore: !python }, async (t) => {
  await using lake = await SalesLake.start();
  const { accessKeyId, secretAccessKey, sessionToken } = lake.keys;
  const keys = {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
  };
  const ways = {
    "S3": { anonymous: false, client: { endpoint_url: lake.s3, ...keys } },
    "the gateway": { anonymous: true, client: { endpoint_url: lake.below } },
  };

  for (const [way, how] of Object.entries(ways)) {
    await t.step(way, async () => {
      const ask = (...actions: (readonly ["get" | "head" | "list", string])[]) =>
        askPython("boto3_client.py", PACKAGES, { ...how, actions });
      const [size, head, keys] = await ask(["get", OWN[0]!], ["head", OWN[0]!], ["list", "sales/2026/"]);
      deepEqual([typeof size, head, keys], ["number", size, OWN]);
      deepEqual(
        await ask(["get", "sales/2026/none"], ["head", "sales/2026/none"], ["get", "sales/2026"]),
        ["NoSuchKey", "404", "NoSuchKey"],
      );
      const denied = [...NEIGHBOURS.map((key) => ["get", key] as const), ["list", ""], ["list", "sales/2026"]] as const;
      deepEqual(new Set(await ask(...denied)), new Set(["AccessDenied"]));
    });
  }
});
