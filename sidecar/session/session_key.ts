import { CompactSign, compactVerify, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import { Buffer } from "node:buffer";
import { hkdfSync, randomBytes } from "node:crypto";
import type { AgedKey } from "./key_ring.ts";
import type { RootKey } from "./key_secret.ts";

/** What a sealed text is for. Each purpose has a key of its own, so that no text is good for another purpose. */
export type Purpose = "session" | "sign-in" | "ticket";

const PURPOSES: readonly Purpose[] = ["session", "sign-in", "ticket"];

/** One generation of keys, ready for use. */
export interface SessionKey extends AgedKey {
  readonly secrets: Readonly<Record<Purpose, Uint8Array>>;
  readonly viewPrivate: CryptoKey;
  readonly viewPublic: CryptoKey;
  /** The public key that Envoy verifies views' cookies with. */
  readonly jwk: JWK;
}

/** New random keys. */
export async function newRootKey(madeAt: number): Promise<RootKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const { kty, crv, x, y, d } = await exportJWK(privateKey);
  return {
    id: randomBytes(9).toString("base64url"),
    madeAt,
    root: randomBytes(32).toString("base64url"),
    view: { kty, crv, x, y, d } as JWK,
  };
}

/** Signs views' cookies. */
export const ALGORITHM = "ES256";

/**
 * The keys of one generation. Those that encrypt are derived: https://www.rfc-editor.org/rfc/rfc5869
 * @throws Error where the private key and the public one are no pair
 */
export async function sessionKeyOf({ id, madeAt, root, view }: RootKey): Promise<SessionKey> {
  const { d: _, ...open } = view;
  const jwk: JWK = { ...open, kid: id, alg: ALGORITHM, use: "sig" };
  const bytes = Buffer.from(root, "base64url");
  const derived = (purpose: Purpose) => new Uint8Array(hkdfSync("sha256", bytes, "", `view-gateway ${purpose}`, 32));
  const [viewPrivate, viewPublic] = await Promise.all([importJWK(view, ALGORITHM), importJWK(jwk, ALGORITHM)]);
  if (viewPrivate instanceof Uint8Array || viewPublic instanceof Uint8Array) throw new Error(`Key ${id} is no pair.`);
  await requirePair(viewPrivate, viewPublic, id);
  return {
    ...{ id, madeAt, viewPrivate, viewPublic, jwk },
    secrets: Object.fromEntries(PURPOSES.map((purpose) => [purpose, derived(purpose)])) as SessionKey["secrets"],
  };
}

async function requirePair(viewPrivate: CryptoKey, viewPublic: CryptoKey, id: string): Promise<void> {
  const message = new TextEncoder().encode(id);
  const signed = await new CompactSign(message).setProtectedHeader({ alg: ALGORITHM }).sign(viewPrivate);
  await compactVerify(signed, viewPublic);
}
