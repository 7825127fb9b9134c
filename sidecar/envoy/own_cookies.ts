/** The gateway's own cookies on a view's host. No pod may see them: with them it could open the view as another user. */
import { envoy, type google } from "../gen/envoy.js";
import { extension, packAny } from "../proto/any.ts";
import { NONCE_COOKIE, VIEW_COOKIE } from "./names.ts";

const { Config } = envoy.extensions.filters.http.header_to_metadata.v3;
const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;
type HeaderMatcher = envoy.config.route.v3.IHeaderMatcher;
type Route = envoy.config.route.v3.IRoute;

const HEADER_TO_METADATA = "envoy.filters.http.header_to_metadata";

/** Dynamic metadata of a request: the cookies that are the view's. */
const METADATA = "view_gateway.cookies";

const OWN = `(?:${VIEW_COOKIE}|${NONCE_COOKIE})`;

/** A cookie goes with the semicolon after it; the last one with that before it. */
const OWN_COOKIES = String.raw`\b${OWN}=[^;]*; *|(?:; *)?\b${OWN}=[^;]*$`;

/** Matches requests with a view's cookie. */
export const WITH_VIEW_COOKIE: HeaderMatcher = { name: "cookie", stringMatch: { contains: `${VIEW_COOKIE}=` } };

/** Matches requests whose only cookie is that of the view, as most are. An expression would read the whole cookie. */
export const VIEW_COOKIE_ALONE: readonly HeaderMatcher[] = [
  { name: "cookie", stringMatch: { prefix: `${VIEW_COOKIE}=` } },
  { name: "cookie", stringMatch: { contains: ";" }, invertMatch: true },
];

/** Matches requests without a cookie of the gateway. */
export const NO_OWN_COOKIES: readonly HeaderMatcher[] = [VIEW_COOKIE, NONCE_COOKIE].map((name) => ({
  name: "cookie",
  stringMatch: { contains: `${name}=` },
  invertMatch: true,
  treatMissingHeaderAsEmpty: true,
}));

/** The filter's place on a listener. It does what a route says, and nothing on other routes. */
export function cookieFilter(): HttpFilter {
  return extension(HEADER_TO_METADATA, Config, {});
}

/** Removes the gateway's cookies from a route's requests, and keeps the others in their order. */
export function withoutOwnCookies(): Pick<Route, "typedPerFilterConfig" | "requestHeadersToAdd"> {
  return {
    typedPerFilterConfig: perRoute({
      requestRules: [{
        header: "cookie",
        remove: true,
        onHeaderPresent: {
          metadataNamespace: METADATA,
          key: "cookie",
          regexValueRewrite: { pattern: { regex: OWN_COOKIES }, substitution: "" },
        },
      }],
    }),
    requestHeadersToAdd: [{
      header: { key: "cookie", value: `%DYNAMIC_METADATA(${METADATA}:cookie)%` },
      appendAction: OVERWRITE_IF_EXISTS_OR_ADD,
    }],
  };
}

type Rules = envoy.extensions.filters.http.header_to_metadata.v3.IConfig;

function perRoute(rules: Rules): Readonly<Record<string, google.protobuf.IAny>> {
  return { [HEADER_TO_METADATA]: packAny(Config, rules) };
}
