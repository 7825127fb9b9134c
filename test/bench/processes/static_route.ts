import { publicListeners } from "../../../sidecar/envoy/listeners.ts";
import type { EnvoySettings } from "../../../sidecar/envoy/settings.ts";
import { envoy } from "../../../sidecar/gen/envoy.js";
import { extension } from "../../../sidecar/proto/any.ts";
import { cluster, listener, type Resource } from "../../../sidecar/proto/resource.ts";

const { Cluster } = envoy.config.cluster.v3;
const { Listener } = envoy.config.listener.v3;
const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { Router } = envoy.extensions.filters.http.router.v3;

/** The gateway's listener with a static route instead of its routes, and the cluster of that route. */
export function staticRoute(name: string, port: number, settings: EnvoySettings): readonly Resource[] {
  const [plain] = publicListeners(settings);
  const { name: _, ...listening } = Listener.decode(plain!.body);
  const filter = listening.filterChains[0]!.filters![0]!;
  const options = HttpConnectionManager.decode(filter.typedConfig!.value!);
  const filters = [extension(filter.name!, HttpConnectionManager, {
    ...options,
    statPrefix: name,
    // The message has either `rds` or `routeConfig`.
    rds: null,
    routeConfig: {
      virtualHosts: [{ name, domains: ["*"], routes: [{ match: { prefix: "/" }, route: { cluster: name } }] }],
    },
  })];
  return [
    cluster({ name, type: Cluster.DiscoveryType.STATIC, loadAssignment: { clusterName: name, endpoints: at(port) } }),
    listener({ ...listening, name, filterChains: [{ filters }] }),
  ];
}

/** The simplest listener and cluster that lead to a web server. */
export function leastRoute(name: string, port: number): readonly Resource[] {
  const filters = [extension("envoy.filters.network.http_connection_manager", HttpConnectionManager, {
    statPrefix: name,
    routeConfig: {
      virtualHosts: [{
        ...{ name, domains: ["*"] },
        routes: [{ match: { prefix: "/" }, route: { cluster: name } }],
      }],
    },
    httpFilters: [extension("envoy.filters.http.router", Router, {})],
  })];
  const address = { socketAddress: { address: "127.0.0.1", portValue: 0 } };
  return [
    cluster({
      ...{ name, type: Cluster.DiscoveryType.STATIC },
      loadAssignment: { clusterName: name, endpoints: at(port) },
    }),
    listener({ name, address, filterChains: [{ filters }] }),
  ];
}

function at(portValue: number): envoy.config.endpoint.v3.ILocalityLbEndpoints[] {
  return [{ lbEndpoints: [{ endpoint: { address: { socketAddress: { address: "127.0.0.1", portValue } } } }] }];
}
