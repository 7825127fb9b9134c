/**
 * Why a request may not change anything; undefined where it may. A view's page has another origin than the API. No page of
 * another origin may use the API with the credentials that a browser adds by itself.
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function crossOrigin(headers: Headers): string | undefined {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") {
    return `Sec-Fetch-Site is ${site}: only a page of the API's own origin may do this.`;
  }
  const origin = headers.get("origin");
  if (origin === null) return undefined;
  const host = headers.get("host");
  // Anybody on the network can make a page of plain HTTP.
  const isPlain = origin.startsWith("http:") && headers.get("x-forwarded-proto") === "https";
  if (!isPlain && URL.canParse(origin) && host !== null && new URL(origin).host === canonicalHost(origin, host)) {
    return undefined;
  }
  return `Origin is ${origin}: only a page of the API's own origin may do this.`;
}

/** The Host as a URL has it: without the default port of the origin's scheme. */
function canonicalHost(origin: string, host: string): string | undefined {
  const url = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}
