/** Makes DuckDB's httpfs extension available: it is downloaded at run time otherwise. */
import { join } from "node:path";
import { version } from "@duckdb/node-api";
import { cachedDirectory, isCached } from "../cache/cached_directory.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { step } from "../process/step.ts";
import { takeFromWheel } from "../packages/pypi_wheel.ts";

const NAME = "duckdb-httpfs";

/** The path of the extension for this DuckDB, from PyPI's wheel, kept in the user's cache. */
export async function httpfs(signal?: AbortSignal): Promise<string> {
  const release = releaseOf();
  const name = "httpfs.duckdb_extension";
  const directory = await cachedDirectory(NAME, release, async (directory) => {
    const wheel = `duckdb-extension-httpfs==${release}`;
    const file = join("duckdb_extension_httpfs/extensions", `v${release}`, name);
    await step(
      `Downloading DuckDB's httpfs ${release} from PyPI`,
      () => takeFromWheel(wheel, file, join(directory, name), signal),
    );
  }, { signal });
  return join(directory, name);
}

/** What `httpfs` needs now. */
export function httpfsNeeds(): readonly RequiredTool[] {
  return isCached(NAME, releaseOf()) ? [] : [{ tool: "pip", purpose: "to download DuckDB's httpfs" }];
}

function releaseOf(): string {
  return version().replace(/^v/, "");
}

if (import.meta.main) console.log(await httpfs());
