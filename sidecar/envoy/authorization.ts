import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { AUTHORIZATION_ERROR_STATUS } from "./local_replies.ts";
import {
  AUTHORIZATION_CLUSTER,
  BODY_HEADER,
  DENIAL_HEADER,
  IDENTITY_HEADERS,
  PASS_HEADER,
  VIEW_HEADER,
} from "./names.ts";
import type { EnvoySettings } from "./settings.ts";

const { ExtAuthz } = envoy.extensions.filters.http.ext_authz.v3;

/**
 * The sidecar answers every request within HOLD_SECONDS, and asks for the right to open the view before and after that, for
 * five seconds each. This ends a request that the sidecar has lost.
 */
const MARGIN_SECONDS = 15;

/** The request headers of a Check, beside host and method. They decide the form of a denial and identify the request. */
const HEADERS = [PASS_HEADER, "accept", "sec-fetch-dest", "sec-fetch-mode", "upgrade", "user-agent", "x-request-id"];

/** Those that say who the user is, and which page sent the request. */
const ACCESS_HEADERS = [
  ...["authorization", "cookie", "origin", "sec-fetch-site", "sec-fetch-user", "x-forwarded-proto"],
  ...[VIEW_HEADER, ...IDENTITY_HEADERS],
];

/** Headers of the request that the sidecar may replace. It names those to remove in `x-envoy-auth-headers-to-remove`. */
const REPLACED_HEADERS = ["cookie", VIEW_HEADER, ...IDENTITY_HEADERS];

/**
 * The filter that holds a request until the sidecar decides on it. It asks over HTTP/1.1, which costs Deno a fraction of
 * gRPC. Over HTTP a denial can have no status above 499, and in Envoy 1.37.0 no headers. So the filter lets each request
 * through. A header marks a denied one, and the gate's routes send that to the sidecar, which answers it.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/extensions/filters/http/ext_authz/v3/ext_authz.proto
 */
export function authorization(
  { holdSeconds, authentication }: Pick<EnvoySettings, "holdSeconds" | "authentication">,
): envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter {
  const closed = authentication !== "none";
  return extension("envoy.filters.http.ext_authz", ExtAuthz, {
    transportApiVersion: envoy.config.core.v3.ApiVersion.V3,
    httpService: {
      serverUri: {
        // Envoy requires a URI, and connects to the cluster.
        uri: "http://sidecar",
        cluster: AUTHORIZATION_CLUSTER,
        timeout: { seconds: holdSeconds + MARGIN_SECONDS },
      },
      // A Check does not need the path, and Deno refuses some paths that Envoy accepts. Deno ignores a fragment.
      pathPrefix: "/#",
      authorizationRequest: {
        headersToAdd: [{ key: BODY_HEADER, value: "%REQ(CONTENT-LENGTH)% %REQ(TRANSFER-ENCODING)%" }],
      },
      authorizationResponse: {
        allowedUpstreamHeaders: exactly(PASS_HEADER, DENIAL_HEADER, ...closed ? REPLACED_HEADERS : []),
        // A cookie that the gate has renewed, also on a 101.
        ...closed && { allowedClientHeadersOnSuccess: exactly("set-cookie") },
      },
    },
    clearRouteCache: true,
    statusOnError: { code: AUTHORIZATION_ERROR_STATUS as envoy.type.v3.StatusCode },
    allowedHeaders: exactly(...HEADERS, ...closed ? ACCESS_HEADERS : []),
  });
}

function exactly(...names: readonly string[]): envoy.type.matcher.v3.IListStringMatcher {
  return { patterns: names.map((exact) => ({ exact })) };
}
