/** The names of the cookies that the gateway sets: see ../session. */
const OURS = /^__Host-(view|nonce|session|sign-in-.*)$/;

/** What is left of a Cookie header without the gateway's own cookies; undefined where nothing is. */
export function withoutGatewayCookies(cookie: string | null): string | undefined {
  if (cookie === null) return undefined;
  // https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1
  const left = cookie.split(";").map((pair) => pair.trim()).filter((pair) => pair !== "" && !hasOurs(pair));
  return left.length === 0 ? undefined : left.join("; ");
}

/** Of several Cookie headers, some programs make one with commas, and others read a comma as the end of a cookie. */
function hasOurs(pair: string): boolean {
  return pair.split(",").some((part) => OURS.test(part.split("=", 1)[0]!.trim()));
}

/** Whether the Cookie header has the cookie that opens a view, good or not. */
export function hasViewCookie(cookie: string | null): boolean {
  return /(^|; *)__Host-view=/.test(cookie ?? "");
}
