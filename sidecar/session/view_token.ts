import { compactVerify, SignJWT } from "jose";
import { type Session, VIEW_COOKIE_SECONDS, type ViewSession } from "../access/sessions.ts";
import { VIEW_TOKEN_ISSUER } from "../envoy/view_token_filter.ts";
import { signingKey } from "./key_ring.ts";
import { ALGORITHM, type SessionKey } from "./session_key.ts";

/** Not 0, which a reader may take for no time. */
const LONG_AGO = 1;

/** `fresh`: Envoy accepts the cookie. `stale`: the gate has to ask for the rights first. */
export type Freshness = "fresh" | "stale";

/**
 * The value of a view's cookie: a JWT that Envoy verifies, and whose claims it sends to the view's pod.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/http/http_filters/jwt_authn_filter
 */
export async function mintedViewToken(
  { identity, authTime, checkedAt, until, by }: Session,
  view: string,
  freshness: Freshness,
  keys: readonly SessionKey[],
  now: number,
): Promise<string> {
  const key = signingKey(keys, now);
  // Kubernetes has not yet been asked for the rights: nothing may look as if it were not long ago.
  const end = freshness === "fresh" ? Math.min(now + VIEW_COOKIE_SECONDS, until) : LONG_AGO;
  const { user, email, groups } = identity;
  return await new SignJWT({
    ...{ iss: VIEW_TOKEN_ISSUER, view, sub: user, ...email !== undefined && { email } },
    // Envoy puts a list into a header as base64.
    groups: groups.join(","),
    ...{ auth_time: authTime, checked_at: checkedAt, until, by, exp: end },
  }).setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: "JWT" }).sign(key.viewPrivate);
}

/** The session in a view's cookie; undefined where it is not this view's, or the hard limit is past. */
export async function readViewToken(
  token: string,
  view: string,
  keys: readonly SessionKey[],
  now: number,
): Promise<ViewSession | undefined> {
  try {
    const { payload } = await compactVerify(token, ({ kid }) => {
      const key = keys.find(({ id }) => id === kid);
      if (key === undefined) throw new Error("No gateway has signed it.");
      return key.viewPublic;
    }, { algorithms: [ALGORITHM] });
    const claims = JSON.parse(new TextDecoder().decode(payload));
    if (claims.iss !== VIEW_TOKEN_ISSUER || claims.view !== view || !(now < claims.until)) return undefined;
    const { sub: user, email, groups, auth_time: authTime, checked_at: checkedAt, until, by, exp } = claims;
    const identity = { user, ...email !== undefined && { email }, groups: groups === "" ? [] : groups.split(",") };
    return { session: { identity, authTime, checkedAt, until, by }, fresh: now < exp, freshUntil: exp };
  } catch {
    // Whatever is wrong with it, no gateway has made it.
    return undefined;
  }
}
