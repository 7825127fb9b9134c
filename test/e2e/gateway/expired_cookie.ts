import { sessionKeys } from "./session_keys.ts";
import { signedBy, VIEW_COOKIE } from "./view_cookie.ts";
import type { View } from "./view.ts";

/** How long Envoy takes a cookie. */
const FRESH_SECONDS = 600;

/**
 * The cookie of a person whom the gateway let in to the view, and whose cookie Envoy has not taken any more for so many
 * seconds.
 */
export async function expiredCookie(
  view: View,
  user: string,
  seconds: number,
): Promise<Readonly<Record<string, string>>> {
  const [key] = await sessionKeys(view.gateway.namespace);
  const now = Math.floor(Date.now() / 1000);
  const exp = now - seconds;
  const begun = exp - FRESH_SECONDS;
  const claims = {
    ...{ iss: "view-gateway", view: view.name, sub: user, groups: "", by: "oidc" },
    ...{ auth_time: begun, checked_at: begun, until: now + 3_600, exp },
  };
  return { cookie: `${VIEW_COOKIE}=${signedBy(key!, claims)}` };
}
