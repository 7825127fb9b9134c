/** Makes DuckDB's httpfs extension available: it is downloaded at run time otherwise. */
import { join } from "node:path";
import { version } from "@duckdb/node-api";
import { cacheDirectory } from "../../../../scripts/cache.ts";
import { run } from "../../../../scripts/command.ts";
import { step } from "../../../../scripts/progress.ts";

/**
 * The path of the extension for this DuckDB, from PyPI's wheel, kept in the user's cache. Any number of processes may
 * ask at a time: one downloads, the others wait for it.
 */
export async function httpfs(signal?: AbortSignal): Promise<string> {
  const release = version().replace(/^v/, "");
  const directory = join(cacheDirectory(), "duckdb", release);
  const extension = join(directory, "httpfs.duckdb_extension");
  if (await exists(extension)) return extension;
  await Deno.mkdir(directory, { recursive: true });
  using lock = await Deno.open(join(directory, "lock"), { create: true, write: true });
  await lock.lock(true);
  if (await exists(extension)) return extension;
  const work = await Deno.makeTempDir({ dir: directory });
  try {
    await step(`Downloading DuckDB's httpfs ${release} from PyPI`, async () => {
      const pip = ["pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", work];
      await run("python3", ["-m", ...pip, `duckdb-extension-httpfs==${release}`], { signal });
      const wheel = (await Array.fromAsync(Deno.readDir(work))).find(({ name }) => name.endsWith(".whl"));
      if (wheel === undefined) throw new Error(`Cannot get httpfs ${release}: pip left no wheel`);
      await run("python3", ["-m", "zipfile", "-e", join(work, wheel.name), work], { signal });
    });
    const unpacked = join(work, "duckdb_extension_httpfs/extensions", `v${release}`, "httpfs.duckdb_extension");
    await Deno.rename(unpacked, extension);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  return extension;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

if (import.meta.main) console.log(await httpfs());
