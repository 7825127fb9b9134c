import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheDirectory } from "./cache.ts";

/**
 * Runs something that only one process may do at a time, after waiting for those that do it already. The lock ends with
 * its process, however that ends.
 */
export async function withLock<T>(
  name: string,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
  directory = cacheDirectory(),
): Promise<T> {
  await Deno.mkdir(directory, { recursive: true });
  using file = await Deno.open(join(directory, `${name}.lock`), { create: true, write: true });
  for (let waited = 0; !await file.tryLock(true); waited++) {
    if (waited === 10) console.error(`Waiting for another process that works on ${name}`);
    await delay(200, undefined, { ...(signal && { signal }) });
  }
  return await run();
}
