/** Cookies of one name that are looked at: browsers send one, and others cannot make the gateway decrypt for long. */
const MOST = 8;

/** The bytes of a cookie's name and value at most: https://www.rfc-editor.org/rfc/rfc6265#section-6.1, and what Envoy caches */
const COOKIE_BYTES = 4_096;

/** The cookies of the base host, and of one attempt to sign in. */
export const BASE_COOKIE = "__Host-session";
export const ATTEMPT_COOKIE = "__Host-sign-in-";

/** The values of the cookies of one name, in the order in which the browser sends them. */
export function cookiesNamed(header: string | null, name: string): readonly string[] {
  return pairsIn(header).filter((pair) => pair.name === name).slice(0, MOST).map(({ value }) => value);
}

/** The names of the cookies that begin so. */
export function cookieNames(header: string | null, prefix: string): readonly string[] {
  return pairsIn(header).map(({ name }) => name).filter((name) => name.startsWith(prefix));
}

function pairsIn(header: string | null): readonly { readonly name: string; readonly value: string }[] {
  return (header ?? "").split(";").flatMap((pair) => {
    const equals = pair.indexOf("=");
    if (equals === -1) return [];
    return [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }];
  });
}

/**
 * A Set-Cookie value that only this host's requests carry. Lax: the browser sends it when another site's link or redirect
 * opens a page here, as the issuer's does.
 */
export function hostCookie(name: string, value: string, seconds: number): string {
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${Math.max(0, Math.floor(seconds))}`;
}

/** A Set-Cookie value that removes the cookie. */
export function removedCookie(name: string): string {
  return hostCookie(name, "", 0);
}

/** Whether browsers keep the cookie, and Envoy caches it. */
export function fitsCookie(name: string, value: string): boolean {
  return name.length + value.length + 1 <= COOKIE_BYTES;
}
