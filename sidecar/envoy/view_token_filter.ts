/** The filter that finds the user by a view's cookie, without the sidecar. */
import { envoy, type google } from "../gen/envoy.js";
import { extension, packAny } from "../proto/any.ts";
import { namedFilter, type Resource } from "../proto/resource.ts";
import { EMAIL_HEADER, GROUPS_HEADER, USER_HEADER, VIEW_COOKIE, VIEW_HEADER } from "./names.ts";
import { ads } from "./values.ts";

const { JwtAuthentication, PerRouteConfig } = envoy.extensions.filters.http.jwt_authn.v3;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

/** The name of the filter, and of the resource that it comes by. */
const VIEW_TOKEN = "view_gateway.view_token";

const PROVIDER = "view";

/** Who issues the tokens. */
export const VIEW_TOKEN_ISSUER = "view-gateway";

/** Tokens whose signature Envoy does not check again. One check costs four times what a warm request costs otherwise. */
const CACHED_TOKENS = 1_000;

/**
 * The filter's configuration. It comes by ECDS: Envoy takes new keys without new connections. A changed listener would end
 * the connections.
 * @param jwks the public keys, as a JSON Web Key Set
 */
export function viewTokenFilter(jwks: string): Resource {
  return namedFilter(extension(VIEW_TOKEN, JwtAuthentication, {
    providers: {
      [PROVIDER]: {
        issuer: VIEW_TOKEN_ISSUER,
        localJwks: { inlineString: jwks },
        fromCookies: [VIEW_COOKIE],
        requireExpiration: true,
        // Zero would mean the default of a minute.
        clockSkewSeconds: 1,
        jwtCacheConfig: { jwtCacheSize: CACHED_TOKENS },
        // The route depends on the view's header.
        clearRouteCache: true,
        claimToHeaders: Object.entries({
          [VIEW_HEADER]: "view",
          [USER_HEADER]: "sub",
          [EMAIL_HEADER]: "email",
          [GROUPS_HEADER]: "groups",
        }).map(([headerName, claimName]) => ({ headerName, claimName })),
      },
    },
    rules: [{
      match: { prefix: "/" },
      // Without the first of these, Envoy would not cache tokens.
      requires: { requiresAny: { requirements: [{ providerName: PROVIDER }, { allowMissingOrFailed: {} }] } },
    }],
  }));
}

/** The filter's place on a listener. Without its configuration, the listener does not accept. */
export function viewToken(): HttpFilter {
  return {
    name: VIEW_TOKEN,
    configDiscovery: { configSource: ads({ seconds: 0 }), typeUrls: [JwtAuthentication.getTypeUrl()] },
  };
}

/** For routes that a view's cookie does not open. */
export function withoutViewToken(): Readonly<Record<string, google.protobuf.IAny>> {
  return { [VIEW_TOKEN]: packAny(PerRouteConfig, { disabled: true }) };
}
