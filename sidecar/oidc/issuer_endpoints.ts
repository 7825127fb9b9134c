import type { ServerMetadata } from "openid-client";
import { IssuerError } from "./issuer_error.ts";

/** Endpoints that the sidecar asks itself. */
const ASKED = ["token_endpoint", "jwks_uri", "userinfo_endpoint"] as const;

/** Endpoints without which nobody can sign in. */
const NEEDED = ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const;

/**
 * The origins that the sidecar asks: the issuer's own, and those of its endpoints. Nothing else of the document counts, and
 * an origin other than the issuer's own has to show a certificate: so an issuer cannot use the gateway to reach what is
 * not meant for it.
 * @throws IssuerError where the discovery document is not one of this issuer by which people can sign in
 */
export function issuerOrigins(issuer: string, metadata: ServerMetadata): readonly string[] {
  // By this a document for all tenants of an issuer is not one of a single tenant.
  if (hrefOf(metadata.issuer) !== new URL(issuer).href) {
    throw new IssuerError(`names another issuer in its discovery document: ${quoted(metadata.issuer)}`);
  }
  const { response_types_supported: types } = metadata;
  if (types !== undefined && (!Array.isArray(types) || !types.includes("code"))) {
    throw new IssuerError("does not support the response type code");
  }
  const own = new URL(issuer).origin;
  for (const name of NEEDED) {
    if (metadata[name] === undefined) throw new IssuerError(`has no ${name} in its discovery document`);
  }
  originOf(metadata, "authorization_endpoint", own);
  return [
    ...new Set([own, ...ASKED.flatMap((name) => metadata[name] === undefined ? [] : originOf(metadata, name, own))]),
  ];
}

function originOf(metadata: ServerMetadata, name: typeof ASKED[number] | typeof NEEDED[number], own: string): string {
  const text: unknown = metadata[name];
  if (typeof text !== "string" || !URL.canParse(text)) {
    throw new IssuerError(`has a ${name} that is no URL: ${quoted(text)}`);
  }
  const { origin, protocol, username, password } = new URL(text);
  if (username !== "" || password !== "") throw new IssuerError(`has a ${name} with a user and password`);
  if (origin !== own && protocol !== "https:") {
    throw new IssuerError(`has a ${name} elsewhere that is not https: ${quoted(text)}`);
  }
  return origin;
}

function hrefOf(issuer: unknown): string | undefined {
  return typeof issuer === "string" && URL.canParse(issuer) ? new URL(issuer).href : undefined;
}

/** Some of what an issuer has said, for a message. */
function quoted(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 200) ?? "nothing";
}
