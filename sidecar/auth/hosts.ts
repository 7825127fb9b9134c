import { isLocalhost } from "../view/localhost.ts";
import { viewOfHost } from "../view/name.ts";

/** The hosts of the gateway, as the client of a request names them: views' have its scheme and port too. */
export interface Hosts {
  readonly baseOrigin: string;
  readonly viewOrigin: (view: string) => string;
  /** The origins of all views, for a Content-Security-Policy. */
  readonly allViews: string;
  /** Undefined at the base host. */
  readonly view: string | undefined;
  /** Whether browsers keep cookies for secure hosts alone here: https, or localhost. */
  readonly isSecure: boolean;
}

/** The hosts of the gateway; undefined where the request is for none of them. */
export function hostsOf(headers: Pick<Headers, "get">, baseHost: string): Hosts | undefined {
  const host = (headers.get("host") ?? "").toLowerCase();
  const [, name = "", port = ""] = /^(.*?)(:[0-9]{1,5})?$/.exec(host) ?? [];
  const view = viewOfHost(host, baseHost);
  if (view === undefined && name.replace(/\.$/, "") !== baseHost) return undefined;
  // Envoy sets it, or a trusted proxy in front of it.
  const scheme = headers.get("x-forwarded-proto") === "https" ? "https" : "http";
  return {
    baseOrigin: `${scheme}://${baseHost}${port}`,
    viewOrigin: (view) => `${scheme}://${view}.${baseHost}${port}`,
    allViews: `${scheme}://*.${baseHost}${port}`,
    view,
    isSecure: scheme === "https" || isLocalhost(baseHost),
  };
}
