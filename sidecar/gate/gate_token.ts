import { join } from "node:path";

/** https://datatracker.ietf.org/doc/html/rfc4648#section-5, 128 bits */
const TOKEN = /^[A-Za-z0-9_-]{22,}$/;

/**
 * The secret by which the public listener recognizes the gate's own answers. It lives as long as the pod, in the directory
 * that Envoy and the sidecar share, so that requests outlive a crash of the sidecar.
 */
export async function gateToken(directory: string, random: () => string = randomToken): Promise<string> {
  const path = join(directory, "gate-token");
  const found = await readIfThere(path);
  if (found !== undefined && TOKEN.test(found)) return found;
  const token = random();
  // The rename is atomic: if this process is killed, no half token is left.
  await Deno.writeTextFile(`${path}.new`, token, { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
  return token;
}

function randomToken(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
