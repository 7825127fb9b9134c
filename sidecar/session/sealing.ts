import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from "jose";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { signingKey } from "./key_ring.ts";
import type { Purpose, SessionKey } from "./session_key.ts";

/** Characters of a sealed text at most, and bytes of what is in it. */
const LONGEST = 16_384;
const LARGEST = 65_536;

const COMPRESSED = "deflate";

/**
 * A text that only gateways can read, and that no one else can make: JWE with `dir` and A256GCM. It is good for one purpose,
 * and until a time in seconds since the epoch.
 */
export async function seal(
  purpose: Purpose,
  value: object,
  until: number,
  keys: readonly SessionKey[],
  now: number,
): Promise<string> {
  const key = signingKey(keys, now);
  return await new CompactEncrypt(deflateRawSync(JSON.stringify({ value, until })))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: key.id, typ: purpose, cty: COMPRESSED })
    .encrypt(key.secrets[purpose]);
}

/** What was sealed for this purpose; undefined where the text is no such one, or its time is over. */
export async function unseal(
  purpose: Purpose,
  text: string,
  keys: readonly SessionKey[],
  now: number,
): Promise<unknown> {
  if (text.length > LONGEST) return undefined;
  try {
    const { kid } = decodeProtectedHeader(text);
    const key = keys.find(({ id }) => id === kid);
    if (key === undefined) return undefined;
    const { plaintext, protectedHeader } = await compactDecrypt(text, key.secrets[purpose], {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    if (protectedHeader.typ !== purpose || protectedHeader.cty !== COMPRESSED) return undefined;
    const { value, until } = JSON.parse(inflateRawSync(plaintext, { maxOutputLength: LARGEST }).toString());
    return now < until ? value : undefined;
  } catch {
    // Whatever is wrong with it, no gateway has made it.
    return undefined;
  }
}
