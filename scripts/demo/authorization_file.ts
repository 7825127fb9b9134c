import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDirectory } from "../cache/cache.ts";
import { unlessAbsent } from "../process/unless_absent.ts";

/** Where the demo keeps its user's token as a header for `curl -H @FILE`, as seen from the project's root. */
export const AUTHORIZATION_FILE = "target/demo-authorization";

const whole = fileURLToPath(new URL(`../../${AUTHORIZATION_FILE}`, import.meta.url));

/** Names the file of the demo that uses this cache, which also has its cluster. Another user's or a test's has none. */
const noteIn = (cache: string) => join(cache, "demo-authorization");

/** A file, and not an argument of curl: everybody on the machine sees arguments. */
export async function writeAuthorization(token: string, path = whole, cache = cacheDirectory()): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.mkdir(cache, { recursive: true });
  await Deno.writeTextFile(noteIn(cache), path);
  // The mode counts for a new file alone.
  await unlessAbsent(Deno.remove(path));
  await Deno.writeTextFile(path, `Authorization: Bearer ${token}\n`, { mode: 0o600, createNew: true });
}

/** The value of the header that the running demo has written. */
export async function readAuthorization(path = whole): Promise<string | undefined> {
  return (await unlessAbsent(Deno.readTextFile(path)))?.trim().replace(/^Authorization: /, "");
}

/** Removes the file that the demo with this cache has written. */
export async function removeAuthorization(cache = cacheDirectory()): Promise<void> {
  const path = await unlessAbsent(Deno.readTextFile(noteIn(cache)));
  if (path === undefined) return;
  await unlessAbsent(Deno.remove(path));
  await Deno.remove(noteIn(cache));
}
