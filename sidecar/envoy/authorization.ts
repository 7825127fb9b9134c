import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { AUTHORIZATION_ERROR_STATUS } from "./local_replies.ts";
import { AUTHORIZATION_CLUSTER, PASS_HEADER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";

const { ExtAuthz } = envoy.extensions.filters.http.ext_authz.v3;

/** The sidecar answers a request that it holds for too long itself; this ends one that it has forgotten. */
const MARGIN_SECONDS = 5;

/** Request headers that a Check tells the sidecar, beside host, method and path: how a denial is best answered. */
const HEADERS = [PASS_HEADER, "accept", "sec-fetch-dest", "sec-fetch-mode", "upgrade", "user-agent"];

/** The filter that holds a request until the sidecar lets it pass. */
export function authorization(
  { holdSeconds }: Pick<EnvoySettings, "holdSeconds">,
): envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter {
  return extension("envoy.filters.http.ext_authz", ExtAuthz, {
    transportApiVersion: envoy.config.core.v3.ApiVersion.V3,
    grpcService: {
      envoyGrpc: { clusterName: AUTHORIZATION_CLUSTER },
      timeout: { seconds: holdSeconds + MARGIN_SECONDS },
    },
    statusOnError: { code: AUTHORIZATION_ERROR_STATUS as envoy.type.v3.StatusCode },
    allowedHeaders: { patterns: HEADERS.map((exact) => ({ exact })) },
  });
}
