import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { withLock } from "./lock.ts";
import { prune } from "./prune.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

export interface CachedDirectoryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where it is kept. Default: the user's cache. */
  readonly cache?: string;
}

/** Whether `madeOnce` would find it. */
export function isCached(name: string, key: string, cache = cacheDirectory()): boolean {
  return existsSync(join(cache, `${name}-${key}`));
}

/**
 * The path of a directory in the user's cache, under a key such as the hash of its inputs. The first call fills it, whole
 * or not at all. Several processes may call at the same time: one fills it, the others wait.
 */
export async function cachedDirectory(
  name: string,
  key: string,
  fill: (directory: string) => Promise<void>,
  { signal, cache = cacheDirectory() }: CachedDirectoryOptions = {},
): Promise<string> {
  const directory = join(cache, `${name}-${key}`);
  if (existsSync(directory)) return directory;
  return await withLock(name, signal, async () => {
    if (existsSync(directory)) return directory;
    await using work = await temporaryDirectory({ dir: cache, prefix: `.${name}-` });
    // An image keeps the directory's mode, and runs as another user.
    await Deno.chmod(work.path, 0o755);
    await fill(work.path);
    await Deno.rename(work.path, directory);
    // Keep the previous one: a program may still run from it.
    await prune(cache, (entry) => entry.startsWith(`${name}-`) && entry !== basename(directory), 1);
    return directory;
  }, cache);
}
