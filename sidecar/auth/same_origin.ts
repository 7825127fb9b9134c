/**
 * Whether a page of this origin sends the request, by the headers of its browser. The Origin is `null` where the page's
 * Referrer-Policy hides it; then Sec-Fetch-Site decides. A request with neither header does not count: it may come from a
 * browser that sends neither.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isSameOrigin(headers: Pick<Headers, "get">, ownOrigin: string): boolean {
  const [site, origin] = [headers.get("sec-fetch-site"), headers.get("origin")];
  if (site !== null && site !== "same-origin") return false;
  if (origin === null || origin === "null") return site === "same-origin";
  return origin === ownOrigin;
}
