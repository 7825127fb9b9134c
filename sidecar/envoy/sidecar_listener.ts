import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { listener, type Resource } from "../proto/resource.ts";

const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { Router } = envoy.extensions.filters.http.router.v3;

/**
 * A listener for what the sidecar sends through Envoy, on a socket that only the gateway's own pod has. The sidecar limits
 * its requests itself.
 * @param options where the requests go
 */
export function sidecarListener(
  name: string,
  path: string,
  options: envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager,
): Resource {
  return listener({
    name,
    address: { pipe: { path, mode: 0o600 } },
    ignoreGlobalConnLimit: true,
    bypassOverloadManager: true,
    filterChains: [{
      filters: [extension("envoy.filters.network.http_connection_manager", HttpConnectionManager, {
        statPrefix: name,
        codecType: HttpConnectionManager.CodecType.HTTP1,
        generateRequestId: { value: false },
        httpFilters: [extension("envoy.filters.http.router", Router, { suppressEnvoyHeaders: true })],
        ...options,
      })],
    }],
  });
}
