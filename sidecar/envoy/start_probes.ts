/**
 * The sidecar's probes of pods that start go through Envoy, and the POSTs that tell a pod which view it is. The sidecar may not
 * connect to pods itself: their addresses differ from cluster to cluster, so it would need a permission for all addresses.
 */
import { envoy } from "../gen/envoy.js";
import { packAny } from "../proto/any.ts";
import { cluster, type Resource } from "../proto/resource.ts";
import { bucketProbeRoute, signedRoute } from "./lake.ts";
import { GATE_PREFIX, PROBED_ADDRESS_HEADER, START_PROBES, START_PROBES_CLUSTER } from "./names.ts";
import { sidecarListener } from "./sidecar_listener.ts";
import { socketsIn } from "./sockets.ts";
import type { EnvoySettings } from "./settings.ts";
import { NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;
const { HttpProtocolOptions } = envoy.extensions.upstreams.http.v3;

/** Half of the kubelet's default: the next probe comes soon. */
const PROBE_TIMEOUT = { nanos: 500_000_000 };

/** A pod that takes longer to become a view gets the same POST again. */
const ASSIGNMENT_TIMEOUT = { seconds: 2 };

/** A cluster that connects to the address that a probe names. */
export function startProbesCluster(): Resource {
  return cluster({
    name: START_PROBES_CLUSTER,
    type: Cluster.DiscoveryType.ORIGINAL_DST,
    lbPolicy: Cluster.LbPolicy.CLUSTER_PROVIDED,
    originalDstLbConfig: { useHttpHeader: true, httpHeaderName: PROBED_ADDRESS_HEADER },
    // A network that is not ready yet loses the first packet. The kernel sends it again after a second.
    connectTimeout: { nanos: 250_000_000 },
    // Envoy forgets an address that is not probed any more.
    cleanupInterval: { seconds: 5 },
    circuitBreakers: NO_LIMITS,
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packAny(HttpProtocolOptions, {
        explicitHttpConfig: { httpProtocolOptions: {} },
        // Each probe opens a connection, which shows that the port accepts.
        commonHttpProtocolOptions: { maxRequestsPerConnection: { value: 1 } },
      }),
    },
  });
}

/** The sidecar asks the lake here too: see lake/bucket_probe.ts, and lake/s3_lists.ts for requests that it signs itself. */
export function startProbesListener(settings: EnvoySettings): Resource {
  const { socketDirectory, lake } = settings;
  return sidecarListener(START_PROBES, socketsIn(socketDirectory).startProbes, {
    routeConfig: {
      name: START_PROBES,
      // The kubelet's probe has none of these. Envoy still needs the address.
      requestHeadersToRemove: ["x-forwarded-for", "x-forwarded-proto"],
      virtualHosts: [{
        name: START_PROBES,
        domains: ["*"],
        routes: [
          ...lake === undefined ? [] : [bucketProbeRoute(), signedRoute({ ...settings, lake })],
          toPod("GET", "/", PROBE_TIMEOUT),
          toPod("POST", GATE_PREFIX, ASSIGNMENT_TIMEOUT),
        ],
      }],
    },
  });
}

function toPod(
  method: string,
  prefix: string,
  timeout: { readonly seconds?: number; readonly nanos?: number },
): envoy.config.route.v3.IRoute {
  return {
    match: { prefix, headers: [{ name: ":method", stringMatch: { exact: method } }] },
    // As in the kubelet's probe, Host is the pod's address.
    route: { cluster: START_PROBES_CLUSTER, timeout, hostRewriteHeader: PROBED_ADDRESS_HEADER },
  };
}
