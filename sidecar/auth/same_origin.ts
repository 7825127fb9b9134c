/**
 * Whether a page of this very origin sends the request, as its browser says. A browser says `null` for the Origin where the
 * page's Referrer-Policy hides it; Sec-Fetch-Site still tells then. Whoever says neither is no browser with somebody's
 * cookie, but could be one that does not say, so it does not count.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isSameOrigin(headers: Pick<Headers, "get">, ownOrigin: string): boolean {
  const [site, origin] = [headers.get("sec-fetch-site"), headers.get("origin")];
  if (site !== null && site !== "same-origin") return false;
  if (origin === null || origin === "null") return site === "same-origin";
  return origin === ownOrigin;
}
