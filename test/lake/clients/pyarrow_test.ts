import { deepEqual, match } from "node:assert/strict";
import { askPython, python } from "./python.ts";
import { NEIGHBOURS, OWN, ROWS, SalesLake } from "./sales_lake.ts";

const PACKAGES = ["pyarrow==26.0.1"];

type Action = readonly ["read_table" | "dataset" | "dataset of files" | "files" | "type" | "write", string];

Deno.test("pyarrow opens a view's directory, at S3 and through the gateway", { ignore: !python }, async (t) => {
  await using lake = await SalesLake.start();
  const { accessKeyId, secretAccessKey, sessionToken } = lake.keys;
  const keys = { access_key: accessKeyId, secret_key: secretAccessKey, session_token: sessionToken };
  const ways = { "S3": [lake.s3, keys], "the gateway": [lake.below, { anonymous: true }] } as const;

  for (const [way, [endpoint, credentials]] of Object.entries(ways)) {
    const filesystem = {
      ...{ endpoint_override: endpoint.replace("http://", ""), scheme: "http", region: "us-east-1" },
      ...credentials,
    };
    const ask = (...actions: Action[]) => askPython("pyarrow_client.py", PACKAGES, { filesystem, actions });

    await t.step(`${way}: a directory with and without its slash, what is below, and a file`, async () => {
      const found = await ask(
        ["read_table", "lake/sales/2026"],
        ["read_table", "lake/sales/2026/"],
        ["dataset", "lake/sales/2026"],
        ["dataset of files", "lake/sales/2026"],
        ["read_table", "lake/sales/2026/month=1"],
        ["read_table", "lake/sales/2026/orders.parquet"],
        ["files", "lake/sales/2026"],
        ["type", "lake/sales/2026"],
        ["type", "lake/sales/2026/none"],
      );
      const all = 2 * ROWS;
      const paths = OWN.map((key) => `lake/${key}`);
      deepEqual(found, [all, all, all, all, ROWS, ROWS, paths, "Directory", "NotFound"]);
    });

    await t.step(`${way}: neighbours are denied, and their names stay hidden`, async () => {
      const paths = [...NEIGHBOURS, "sales", "sales/2025", "sales/2026-secret", "sales/202"].map((key) =>
        `lake/${key}`
      );
      const found = await ask(
        ...paths.map((path) => ["type", path] as const),
        ...["lake", "lake/sales", "lake/sales/2026-secret"].map((path) => ["files", path] as const),
      );
      for (const error of found) match(String(error), /^OSError: .*ACCESS_DENIED/);
    });

    await t.step(`${way}: nothing is written where the view may not`, async () => {
      for (const error of await ask(["write", "lake/sales/2026/new"], ["write", "lake/reports-secret/2026"])) {
        match(String(error), /^OSError: /);
      }
    });

    await t.step(`${way}: a dataset is written and read again at S3 alone`, async () => {
      if (way !== "S3") match(String(await ask(["write", "lake/reports/2027"])), /^OSError: /);
      else deepEqual(await ask(["write", "lake/reports/2026"], ["read_table", "lake/reports/2026"]), [3, 3]);
    });
  }
});
