import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { cacheDirectory } from "./cache.ts";
import { withLock } from "./lock.ts";
import { prune } from "./prune.ts";
import { temporaryDirectory } from "../process/temporary_directory.ts";

export interface CachedDirectoryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where it is kept; the user's cache unless told. */
  readonly cache?: string;
}

/** Whether `madeOnce` would find it. */
export function isCached(name: string, key: string, cache = cacheDirectory()): boolean {
  return existsSync(join(cache, `${name}-${key}`));
}

/**
 * The path of a directory that is kept in the user's cache, by a key such as the hash of what it is made from. It is
 * filled at first need, whole or not at all. Any number of processes may ask at a time: one makes it, the others wait.
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
    // An image takes the directory's mode over, and its user is another.
    await Deno.chmod(work.path, 0o755);
    await fill(work.path);
    await Deno.rename(work.path, directory);
    // One former is kept, since something may run from it.
    await prune(cache, (entry) => entry.startsWith(`${name}-`) && entry !== basename(directory), 1);
    return directory;
  }, cache);
}
