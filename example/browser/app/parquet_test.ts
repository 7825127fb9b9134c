import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ParquetFile } from "./parquet.ts";

const WRITER = fileURLToPath(import.meta.resolve("../../lake/files.ts"));

/**
 * The bytes of a file of the lake. Another process writes it: Deno 2.9.3 may crash when a test ends whose process has DuckDB
 * loaded, here in 10 of 60 runs.
 */
async function written(key: string): Promise<Uint8Array<ArrayBuffer>> {
  const directory = await Deno.makeTempDir();
  try {
    const args = ["run", "--allow-all", WRITER, directory, key];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return await Deno.readFile(join(directory, "lake", key));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Opens a file of the lake, and records the size of each part that is read. */
async function withFile(
  key: string,
  use: (file: ParquetFile, read: readonly number[], size: number) => Promise<void>,
): Promise<void> {
  const bytes = await written(key);
  const read: number[] = [];
  const remote = {
    byteLength: bytes.length,
    slice: (start: number, end = bytes.length) => {
      read.push(end - start);
      return Promise.resolve(bytes.buffer.slice(start, end));
    },
  };
  await use(await ParquetFile.open(remote), read, bytes.length);
}

Deno.test("the footer of a file is enough to read its schema", async () => {
  await withFile("sales/2026/orders-2026-01.parquet", async (file, read) => {
    assert.equal(read.length, 1);
    assert.equal(file.rows, 97_580);
    assert.equal(file.rowGroups, 2);
    const amount = file.columns.find(({ name }) => name === "amount");
    assert.deepEqual([amount?.type, amount?.codec, amount?.nulls], ["decimal(12,2)", "zstd", 0]);
    assert.ok(file.columns.every(({ bytes }) => bytes > 0));
    await Promise.resolve();
  });
});

Deno.test("rows are the ones that were written, and only their row group is read", async () => {
  await withFile("sales/2026/orders-2026-01.parquet", async (file, read, size) => {
    const rows = await file.read(0, 100);
    assert.equal(rows.length, 100);
    assert.deepEqual(rows[0]?.slice(0, 3), [2026010000000n, new Date("2026-01-01T00:00:04Z"), "FR"]);
    assert.ok(read.reduce((a, b) => a + b) < size * 0.75, `${read} of ${size}`);
    assert.equal((await file.read(97_500, 97_600)).length, 80);
  });
});

Deno.test("a column is read without the others", async () => {
  await withFile("experiments/exp-1/run=2/readings.parquet", async (file, read, size) => {
    const sensors = await file.values("sensor");
    assert.equal(sensors.length, file.rows);
    assert.equal(new Set(sensors).size, 12);
    assert.ok(read.reduce((a, b) => a + b) < size / 4, `${read} of ${size}`);
  });
});
