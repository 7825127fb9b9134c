import { envoy } from "../gen/envoy.js";
import { type Resource, routes } from "../proto/resource.ts";
import { baseDomains, otherHost, viewDomains } from "./domains.ts";
import { REDIRECT } from "./names.ts";
import type { EnvoySettings, TlsSettings } from "./settings.ts";

// 308: a client sends the same method and body again.
const { PERMANENT_REDIRECT } = envoy.config.route.v3.RedirectAction.RedirectResponseCode;

/** The port that an https URL need not name. */
const HTTPS = 443;

/** The routes of plain HTTP where there is TLS: each URL of the gateway's hosts is redirected to https. */
export function redirectRoutes({ baseHost, tls }: EnvoySettings & { readonly tls: TlsSettings }): Resource {
  const domains = [...baseDomains(baseHost), ...viewDomains(baseHost)];
  return routes({
    name: REDIRECT,
    ignorePortInHostMatching: true,
    virtualHosts: [
      { name: "gateway", domains, routes: toHttps(tls.publicPort) },
      { name: "other", domains: ["*"], routes: [otherHost(baseHost)] },
    ],
  });
}

/** A port in the URL is that of plain HTTP. */
function toHttps(portRedirect: number): envoy.config.route.v3.IRoute[] {
  const redirect = { httpsRedirect: true, responseCode: PERMANENT_REDIRECT };
  const withPort = { match: { prefix: "/" }, redirect: { ...redirect, portRedirect } };
  if (portRedirect !== HTTPS) return [withPort];
  const bare = { name: ":authority", stringMatch: { safeRegex: { regex: ".*:[0-9]+" } }, invertMatch: true };
  return [{ match: { prefix: "/", headers: [bare] }, redirect }, withPort];
}
