/** Makes the example's lake, once for each version of what makes it. */
import { fileURLToPath } from "node:url";
import { DUCKDB_VERSION } from "./duckdb_version.ts";
import { inputHash } from "../cache/cache.ts";
import { cachedDirectory } from "../cache/cached_directory.ts";
import { step } from "../process/step.ts";
import { writeFiles } from "../../example/lake/files.ts";
import { files } from "../../example/lake/tables.ts";

const sources = ["tables.ts", "files.ts"].map((name) =>
  fileURLToPath(new URL(`../../example/lake/${name}`, import.meta.url))
);

/** The directory that has the lake, each file at BUCKET/KEY. It is made at first need and kept in the user's cache. */
export async function lakeDirectory(signal?: AbortSignal): Promise<string> {
  const fill = (directory: string) => step("Making the lake", () => writeFiles(directory, files, signal));
  return await cachedDirectory("lake", await inputHash([DUCKDB_VERSION], sources), fill, { signal });
}

if (import.meta.main) console.log(await lakeDirectory());
