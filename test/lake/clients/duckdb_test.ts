import { deepEqual, rejects } from "node:assert/strict";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { httpfs } from "../../../scripts/example/httpfs.ts";
import { python } from "./python.ts";
import { NEIGHBOURS, OWN, ROWS, SalesLake } from "./sales_lake.ts";

// The extension comes by pip.
Deno.test("DuckDB reads a view's own files, at S3 and through the gateway", { ignore: !python }, async (t) => {
  await using lake = await SalesLake.start();
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  try {
    await connection.run(`LOAD '${await httpfs()}'`);
    const { host } = new URL(lake.s3);
    const { accessKeyId, secretAccessKey, sessionToken } = lake.keys;
    await connection.run(`CREATE SECRET lake (TYPE s3, KEY_ID '${accessKeyId}', SECRET '${secretAccessKey}',
      SESSION_TOKEN '${sessionToken}', REGION 'us-east-1', ENDPOINT '${host}', URL_STYLE 'path', USE_SSL false)`);
    const count = (from: string) => one(connection, `SELECT count(*), min(id), max(id) FROM ${from}`);
    const rows = (files: number) => [BigInt(files * ROWS), 0n, BigInt(ROWS - 1)];

    await t.step("S3: a file, and every file of a directory", async () => {
      deepEqual(await count(`'s3://lake/sales/2026/orders.parquet'`), rows(1));
      deepEqual(await count(`'s3://lake/sales/2026/*.parquet'`), rows(1));
      deepEqual(await count(`'s3://lake/sales/2026/**/*.parquet'`), rows(2));
      deepEqual(
        await count(`read_parquet('s3://lake/sales/2026/*/*.parquet', hive_partitioning = true) WHERE month = 1`),
        rows(1),
      );
      const files = await connection.runAndReadAll("SELECT file FROM glob('s3://lake/sales/2026/**') ORDER BY file");
      deepEqual(files.getRows(), OWN.map((key) => [`s3://lake/${key}`]));
    });

    await t.step("S3: neighbours are denied, and so is a pattern that would show them", async () => {
      for (const key of [...NEIGHBOURS, "sales/**", "sales/2026*", "sales/20*/*.parquet"]) {
        await rejects(count(`read_parquet('s3://lake/${key}')`), /403/, key);
      }
    });

    await t.step("the gateway: files by their URL", async () => {
      for (const key of OWN) deepEqual(await count(`'${lake.below}/lake/${key}'`), rows(1));
      deepEqual(await count(`read_parquet([${OWN.map((key) => `'${lake.below}/lake/${key}'`)}])`), rows(2));
    });

    await t.step("the gateway: neighbours are denied", async () => {
      // DuckDB asks again with a range, and does not know what to make of a longer answer: it says "HTTP 0".
      for (const key of NEIGHBOURS) await rejects(count(`'${lake.below}/lake/${key}'`), /HTTP (GET )?error/i, key);
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});

async function one(connection: DuckDBConnection, query: string) {
  return (await connection.runAndReadAll(query)).getRows()[0];
}
