import { createPrivateKey, sign } from "node:crypto";
import type { Answer } from "../client/http.ts";
import type { SessionKey } from "./session_keys.ts";

export const VIEW_COOKIE = "__Host-view";

/** The value of a view's cookie that an answer sets. */
export function viewCookieIn({ headers }: Answer): string | undefined {
  return /__Host-view=([^;]+)/.exec(String(headers["set-cookie"]))?.[1];
}

/** Which key has signed the value of a view's cookie. */
export function signerOf(value: string): string {
  return partOf(value, 0).kid;
}

/** The same value as it is a minute after Envoy has stopped taking it. */
export function expired(value: string, keys: readonly SessionKey[]): string {
  const exp = Math.floor(Date.now() / 1_000) - 60;
  return signedBy(keys.find(({ id }) => id === signerOf(value))!, { ...partOf(value, 1), exp });
}

/** The value of a cookie with these claims. */
export function signedBy({ id, view }: SessionKey, claims: object): string {
  const signed = [{ alg: "ES256", kid: id, typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const key = createPrivateKey({ key: view, format: "jwk" });
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

// deno-lint-ignore no-explicit-any -- any JSON
function partOf(value: string, index: number): any {
  return JSON.parse(Buffer.from(value.split(".")[index]!, "base64url").toString());
}
