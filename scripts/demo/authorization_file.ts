import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { unlessAbsent } from "../process/unless_absent.ts";

/** Where the demo keeps its user's token as a header for `curl -H @FILE`, as seen from the project's root. */
export const AUTHORIZATION_FILE = "target/demo-authorization";

const whole = fileURLToPath(new URL(`../../${AUTHORIZATION_FILE}`, import.meta.url));

/** A file, and not an argument of curl: everybody on the machine sees arguments. */
export async function writeAuthorization(token: string, path = whole): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  // The mode counts for a new file alone.
  await removeAuthorization(path);
  await Deno.writeTextFile(path, `Authorization: Bearer ${token}\n`, { mode: 0o600, createNew: true });
}

/** The value of the header that the running demo has written. */
export async function readAuthorization(path = whole): Promise<string | undefined> {
  return (await unlessAbsent(Deno.readTextFile(path)))?.trim().replace(/^Authorization: /, "");
}

export async function removeAuthorization(path = whole): Promise<void> {
  await unlessAbsent(Deno.remove(path));
}
