import assert from "node:assert/strict";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { writeFiles } from "./files.ts";
import { files } from "./tables.ts";

const chosen = files.filter(({ key }) => /2026-01|margins|exp-1\/run=2/.test(key));

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("the lake is the same whenever it is made", async () => {
  await using directory = await temporaryDirectory();
  for (const time of ["first", "second"]) await writeFiles(join(directory.path, time), chosen);
  for (const { bucket, key } of chosen) {
    const [first, second] = await Promise.all(
      ["first", "second"].map((time) => Deno.readFile(join(directory.path, time, bucket, key))),
    );
    assert.deepEqual(first, second, key);
  }
});

Deno.test("each file has the rows that it is meant to have", async () => {
  await using directory = await temporaryDirectory();
  await writeFiles(directory.path, chosen);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const { bucket, key, rows } of chosen) {
    const reader = await connection.runAndReadAll(`SELECT count(*) FROM '${join(directory.path, bucket, key)}'`);
    assert.equal(reader.getRowsJson()[0]?.[0], String(rows), key);
  }
  connection.closeSync();
  instance.closeSync();
});

Deno.test("there are a few million rows, in prefixes of which two start alike", () => {
  assert.ok(files.reduce((sum, { rows }) => sum + rows, 0) > 3_000_000);
  assert.equal(new Set(files.map(({ key }) => key)).size, files.length);
  assert.ok(files.some(({ key }) => key.startsWith("sales/")));
  assert.ok(files.some(({ key }) => key.startsWith("sales-secret/")));
});
