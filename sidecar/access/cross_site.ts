/** The parts of a request by which the gateway knows which page sent it. */
export interface SentBy {
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
}

/**
 * Whether a page of another host may have sent the request. Then the cookie does not mean that the person wants it. Views'
 * hosts are siblings, so they are the same site for each other: SameSite=Lax does not help.
 *
 * A person may follow a link from another host: that is a navigation of a whole window, which only reads.
 * https://www.w3.org/TR/fetch-metadata/
 */
export function isCrossSite({ method, headers }: SentBy): boolean {
  const site = headers.get("sec-fetch-site");
  const upgrade = headers.get("upgrade") !== null;
  // Chromium sends no Fetch Metadata with a WebSocket's handshake, and every browser sends its Origin.
  if (site === null || upgrade) return isForeign(headers) || site !== null && !isOwn(site);
  return !isOwn(site) && !followsLink(method, headers);
}

/** `none`: the person typed the address, or opened a bookmark. */
function isOwn(site: string): boolean {
  return site === "same-origin" || site === "none";
}

function followsLink(method: string, headers: SentBy["headers"]): boolean {
  return (method === "GET" || method === "HEAD") && headers.get("sec-fetch-mode") === "navigate" &&
    headers.get("sec-fetch-dest") === "document";
}

/** Programs send no Origin; browsers send it with whatever may change something. */
function isForeign(headers: SentBy["headers"]): boolean {
  const origin = headers.get("origin");
  if (origin === null) return false;
  const host = headers.get("host") ?? "";
  // A URL leaves out the default port of its scheme.
  const own = URL.canParse(origin) ? `${new URL(origin).protocol}//${host}` : "";
  // Anybody on the network can make a page of plain HTTP.
  if (own.startsWith("http:") && headers.get("x-forwarded-proto") === "https") return true;
  return !URL.canParse(own) || new URL(own).host !== new URL(origin).host;
}
