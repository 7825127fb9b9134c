/** The parts of a request that tell a person with a browser from a program. */
export interface RequestHead {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

/**
 * Whether a browser sends the request to open a page in a window: only then can the answer be another page. Browsers send
 * Fetch Metadata headers only to hosts that they trust: by HTTPS, or to localhost.
 * https://www.w3.org/TR/fetch-metadata/
 */
export function isNavigation({ method, headers }: RequestHead): boolean {
  if (method !== "GET" && method !== "HEAD" || headers.get("upgrade") !== null) return false;
  const [accept, agent] = [headers.get("accept") ?? "", headers.get("user-agent") ?? ""];
  const [mode, destination] = [headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")];
  if (mode !== null || destination !== null) {
    return mode === "navigate" && destination === "document" && qualityOf("text/html", accept) > 0;
  }
  return agent.startsWith("Mozilla/") && prefersHtml(accept);
}

/** Whether `Accept` names HTML, and prefers no other type to it. */
function prefersHtml(accept: string): boolean {
  const html = qualityOf("text/html", accept);
  return html > 0 && rangesOf(accept).every(({ quality }) => quality <= html);
}

// Programs send a bare */*, which names no type.
function qualityOf(type: string, accept: string): number {
  return rangesOf(accept).find((range) => range.type === type)?.quality ?? 0;
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-accept */
function rangesOf(accept: string): readonly { readonly type: string; readonly quality: number }[] {
  return accept.toLowerCase().split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
}
