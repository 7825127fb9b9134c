import type { JWK } from "jose";
import type { AgedKey } from "./key_ring.ts";
import type { SignedOut } from "./signed_out.ts";

/** One generation of keys, as the Secret holds it. */
export interface RootKey extends AgedKey {
  /** 32 random bytes, in base64url: keys for encryption are derived from it. */
  readonly root: string;
  /** The private key that signs views' cookies. */
  readonly view: JWK;
}

/** What the Secret of the keys holds. */
export interface KeySecret {
  /** The newest first, at least one. */
  readonly keys: readonly RootKey[];
  readonly signedOut: SignedOut;
}

export type ReadKeySecret =
  | { readonly kind: "keys"; readonly secret: KeySecret }
  /** There are no keys in it: somebody wants new ones, which end all sessions. */
  | { readonly kind: "empty" }
  /** `detail` shows nothing of the keys. */
  | { readonly kind: "broken"; readonly detail: string };

/** The keys of the Secret's data. */
export const KEYS = "keys";
const SIGNED_OUT = "signed-out";

/** The data of the Secret. */
export function keySecretData({ keys, signedOut }: KeySecret): Readonly<Record<string, string>> {
  const { everybody, subjects } = signedOut;
  return {
    [KEYS]: JSON.stringify(keys),
    [SIGNED_OUT]: JSON.stringify({ everybody, subjects: Object.fromEntries(subjects) }),
  };
}

/** Reads the data of the Secret. */
export function readKeySecret(data: Readonly<Record<string, string>>): ReadKeySecret {
  const text = data[KEYS];
  if (text === undefined || text.trim() === "") return { kind: "empty" };
  const keys = json(text);
  if (!Array.isArray(keys) || keys.length === 0) return broken(KEYS, "no list of keys");
  const wrong = keys.findIndex((key) => !isRootKey(key));
  if (wrong !== -1) return broken(KEYS, `no key at position ${wrong}`);
  if (new Set(keys.map(({ id }) => id)).size < keys.length) return broken(KEYS, "two keys with one id");
  const signedOut = data[SIGNED_OUT] === undefined ? {} : json(data[SIGNED_OUT]);
  if (!isRecord(signedOut)) return broken(SIGNED_OUT, "no list of sign-outs");
  const { everybody = 0, subjects = {} } = signedOut;
  if (!isTime(everybody) || !isRecord(subjects) || !Object.values(subjects).every(isTime)) {
    return broken(SIGNED_OUT, "no list of sign-outs");
  }
  const times = Object.entries(subjects) as readonly (readonly [string, number])[];
  const newestFirst = (keys as readonly RootKey[]).toSorted((a, b) => b.madeAt - a.madeAt);
  return { kind: "keys", secret: { keys: newestFirst, signedOut: { everybody, subjects: new Map(times) } } };
}

function broken(key: string, what: string): ReadKeySecret {
  return { kind: "broken", detail: `its data has ${what} in ${key}` };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRootKey(key: unknown): key is RootKey {
  if (!isRecord(key) || !isRecord(key.view)) return false;
  const { kty, crv, x, y, d } = key.view;
  return typeof key.id === "string" && /^[\w-]{1,64}$/.test(key.id) && isTime(key.madeAt) && isKeyText(key.root) &&
    kty === "EC" && crv === "P-256" && [x, y, d].every(isKeyText);
}

/** 32 bytes in base64url. */
function isKeyText(text: unknown): text is string {
  return typeof text === "string" && /^[\w-]{43}$/.test(text);
}
