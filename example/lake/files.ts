/** Writes the example's lake: a few million rows in Parquet files, the same in each run, without any download. */
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { files, type LakeFile } from "./tables.ts";

const SEED = 2026;

/** Writes files below a directory, each at BUCKET/KEY. */
export async function writeFiles(directory: string, chosen: readonly LakeFile[], signal?: AbortSignal): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // A hash of one number: hashes of several numbers correlate.
    await connection.run(`CREATE MACRO u(i, c) AS (hash(${SEED}000000000 + i * 64 + c) >> 11) / 9007199254740992.0`);
    for (const { bucket, key, select } of chosen) {
      signal?.throwIfAborted();
      const path = join(directory, bucket, key);
      await Deno.mkdir(dirname(path), { recursive: true });
      const options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440";
      await connection.run(`COPY (${select} ORDER BY i) TO '${path.replaceAll("'", "''")}' (${options})`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

// deno run -A example/lake/files.ts DIRECTORY [KEY...]
if (import.meta.main) {
  const [directory, ...keys] = Deno.args;
  if (directory === undefined) throw new Error("Which directory is to have the files?");
  await writeFiles(directory, keys.length === 0 ? files : files.filter(({ key }) => keys.includes(key)));
}
