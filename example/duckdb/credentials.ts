/** The view's temporary credentials: from files that are renewed while it runs, otherwise from the environment. */
import type { Get } from "./settings.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** @throws Error where the environment names a file that has no credentials */
export async function readCredentials(
  get: Get,
  readText: (path: string) => Promise<string> = Deno.readTextFile,
): Promise<Credentials | undefined> {
  const file = get("AWS_SHARED_CREDENTIALS_FILE");
  if (file) {
    const credentials = parseProfile(await readText(file), get("AWS_PROFILE") || "default");
    if (credentials === undefined) throw new Error(`There are no credentials in ${file}`);
    return credentials;
  }
  return credentialsOf(get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY"), get("AWS_SESSION_TOKEN"));
}

/** Reads one profile of a shared credentials file. */
export function parseProfile(text: string, profile: string): Credentials | undefined {
  const found: Record<string, string> = {};
  let within = false;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[\s*(.*?)\s*\]/.exec(line);
    if (header) within = header[1] === profile;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (within && name !== undefined && value !== undefined) found[name] = value;
  }
  return credentialsOf(found["aws_access_key_id"], found["aws_secret_access_key"], found["aws_session_token"]);
}

function credentialsOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): Credentials | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: sessionToken || undefined };
}

export function same(a: Credentials | undefined, b: Credentials | undefined): boolean {
  return a?.accessKeyId === b?.accessKeyId && a?.secretAccessKey === b?.secretAccessKey &&
    a?.sessionToken === b?.sessionToken;
}
