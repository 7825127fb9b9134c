import { TOKEN_AUDIENCE } from "./authenticator.ts";

/** What a token says of itself. Nothing of it is verified. */
export interface TokenClaims {
  readonly audiences: readonly string[];
  /** Seconds since the epoch; undefined where it never ends. */
  readonly until: number | undefined;
}

/** Longer ones are not for the gateway. A service account's has a thousand characters. */
const MAX_LENGTH = 16_384;

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerTokenIn(authorization: string | null): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization ?? "")?.[1];
}

/** Whether the Authorization header is a token that says that it is for the gateway. */
export function isForGateway(authorization: string | null): boolean {
  const token = bearerTokenIn(authorization);
  return token !== undefined && saysGateway(token);
}

/**
 * Whether such a token is anywhere in the header, which then must not reach a view: two headers come as one, with a comma
 * between them.
 */
export function hasTokenForGateway(authorization: string | null): boolean {
  return (authorization ?? "").split(/[^A-Za-z0-9._-]+/).some(saysGateway);
}

function saysGateway(token: string): boolean {
  return claimsOf(token)?.audiences.includes(TOKEN_AUDIENCE) === true;
}

/** The claims of a JSON Web Token; undefined for anything else: https://www.rfc-editor.org/rfc/rfc7519 */
export function claimsOf(token: string): TokenClaims | undefined {
  const [, payload, signature, ...rest] = token.split(".");
  if (payload === undefined || signature === undefined || rest.length > 0 || token.length > MAX_LENGTH) {
    return undefined;
  }
  try {
    const bytes = Uint8Array.fromBase64(payload, { alphabet: "base64url" });
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== "object" || claims === null) return undefined;
    const { aud, exp } = claims as { readonly aud?: unknown; readonly exp?: unknown };
    return {
      audiences: [aud].flat().filter((audience) => typeof audience === "string"),
      until: typeof exp === "number" ? Math.floor(exp) : undefined,
    };
  } catch {
    return undefined;
  }
}
