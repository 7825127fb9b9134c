/** Makes the example's lake: a few million rows in Parquet files, the same in each run, without any download. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance, version } from "@duckdb/node-api";
import { inputHash } from "../cache/cache.ts";
import { madeOnce } from "../cache/made_once.ts";
import { step } from "../process/progress.ts";
import { files, type LakeFile } from "../../example/lake/tables.ts";

const seed = 2026;
const sources = ["../../example/lake/tables.ts", "lake.ts"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url))
);

/** The directory that has the lake, BUCKET/KEY each, which is made at first need and kept in the user's cache. */
export async function lake(signal?: AbortSignal): Promise<string> {
  const fill = (directory: string) => step("Making the lake", () => write(directory, files, signal));
  return await madeOnce("lake", await inputHash([version()], sources), fill, { signal });
}

/** Writes files below a directory. */
export async function write(directory: string, files: readonly LakeFile[], signal?: AbortSignal): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // Of one number, since the hashes of several share more than chance.
    await connection.run(`CREATE MACRO u(i, c) AS (hash(${seed}000000000 + i * 64 + c) >> 11) / 9007199254740992.0`);
    for (const { bucket, key, select } of files) {
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

if (import.meta.main) console.log(await lake());
