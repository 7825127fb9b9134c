import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { cacheDirectory } from "./cache.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/**
 * Runs something that only one process may do at a time, and waits for other processes first. The lock ends with its
 * process, however that ends.
 */
export async function withLock<T>(
  name: string,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
  directory = cacheDirectory(),
): Promise<T> {
  await Deno.mkdir(directory, { recursive: true });
  using file = await Deno.open(pathOf(name, directory), { create: true, write: true });
  for (let waited = 0; !await file.tryLock(true); waited++) {
    if (waited === 10) console.error(`Waiting for another process that works on ${name}`);
    await delay(200, undefined, { ...(signal && { signal }) });
  }
  return await run();
}

/** Removes the file of a lock that only one process has used. */
export async function forgetLock(name: string, directory = cacheDirectory()): Promise<void> {
  await unlessAbsent(Deno.remove(pathOf(name, directory)));
}

function pathOf(name: string, directory: string): string {
  return join(directory, `${name}.lock`);
}
