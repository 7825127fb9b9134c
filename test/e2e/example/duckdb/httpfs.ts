/** Makes DuckDB's httpfs extension available: it is downloaded at run time otherwise. */
import { join } from "node:path";
import { version } from "@duckdb/node-api";
import { madeOnce } from "../../../../scripts/made_once.ts";
import { step } from "../../../../scripts/progress.ts";
import { takeFromWheel } from "../../../../scripts/pypi_wheel.ts";

/** The path of the extension for this DuckDB, from PyPI's wheel, kept in the user's cache. */
export async function httpfs(signal?: AbortSignal): Promise<string> {
  const release = version().replace(/^v/, "");
  const name = "httpfs.duckdb_extension";
  const directory = await madeOnce("duckdb-httpfs", release, async (directory) => {
    const wheel = `duckdb-extension-httpfs==${release}`;
    const file = join("duckdb_extension_httpfs/extensions", `v${release}`, name);
    await step(
      `Downloading DuckDB's httpfs ${release} from PyPI`,
      () => takeFromWheel(wheel, file, join(directory, name), signal),
    );
  }, { signal });
  return join(directory, name);
}

if (import.meta.main) console.log(await httpfs());
