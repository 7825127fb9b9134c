/** Makes the example's lake: a few million rows in Parquet files, the same in each run, without any download. */
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance, version } from "@duckdb/node-api";
import { cacheDirectory, inputHash } from "../../../../scripts/cache.ts";
import { step } from "../../../../scripts/progress.ts";
import { files, type LakeFile } from "./tables.ts";

const seed = 2026;
const sources = ["tables.ts", "lake.ts"].map((name) => fileURLToPath(new URL(name, import.meta.url)));

/**
 * The directory that has the lake, BUCKET/KEY each. It is made at first need and kept in the user's cache. Any number of
 * processes may ask at a time: one makes it, the others wait for it.
 */
export async function lake(signal?: AbortSignal): Promise<string> {
  const parent = join(cacheDirectory(), "lake");
  const directory = join(parent, await inputHash([version()], sources));
  if (await isDirectory(directory)) return directory;
  await Deno.mkdir(parent, { recursive: true });
  using lock = await Deno.open(join(parent, "lock"), {
    create: true,
    write: true,
  });
  await lock.lock(true);
  if (await isDirectory(directory)) return directory;
  const work = await Deno.makeTempDir({ dir: parent, prefix: ".making-" });
  try {
    await step("Making the lake", () => write(work, files, signal));
    // One is enough: what an earlier state of these sources made goes.
    for await (const { name } of Deno.readDir(parent)) {
      if (name !== "lock" && name !== basename(work)) {
        await Deno.remove(join(parent, name), { recursive: true });
      }
    }
    await Deno.rename(work, directory);
  } catch (error) {
    await Deno.remove(work, { recursive: true });
    throw error;
  }
  return directory;
}

/** Writes files below a directory. */
export async function write(
  directory: string,
  files: readonly LakeFile[],
  signal?: AbortSignal,
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    // Of one number, since the hashes of several share more than chance.
    await connection.run(
      `CREATE MACRO u(i, c) AS (hash(${seed}000000000 + i * 64 + c) >> 11) / 9007199254740992.0`,
    );
    for (const { bucket, key, select } of files) {
      signal?.throwIfAborted();
      const path = join(directory, bucket, key);
      await Deno.mkdir(dirname(path), { recursive: true });
      const options = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440";
      await connection.run(
        `COPY (${select} ORDER BY i) TO '${path.replaceAll("'", "''")}' (${options})`,
      );
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return await Deno.stat(path).then(
    ({ isDirectory }) => isDirectory,
    () => false,
  );
}

if (import.meta.main) console.log(await lake());
