import { envoy } from "../gen/envoy.js";
import { cluster, type Resource } from "../proto/resource.ts";
import { ANSWER_LIMITS, answersWithin } from "./header_limits.ts";
import { POD_BUFFER } from "./held_bodies.ts";
import { ads, NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;

/** Shorter than the keep-alive time of common servers (2 s, 5 s). Otherwise a POST may meet a connection that closes. */
const IDLE_TIMEOUT = { seconds: 1, nanos: 500_000_000 };

const HTTP_1 = answersWithin(ANSWER_LIMITS, { idleTimeout: IDLE_TIMEOUT });

/**
 * A cluster of a view that is, or was lately, awake. It depends on the view's name alone, because Envoy warms a changed
 * cluster again. What changes is in the endpoints.
 * @param name the view's own name, or that of its public cluster; both have the same statistics
 */
export function viewCluster(name: string, view = name): Resource {
  return cluster({
    name,
    ...name !== view && { altStatName: view },
    type: Cluster.DiscoveryType.EDS,
    edsClusterConfig: { edsConfig: ads() },
    lbPolicy: Cluster.LbPolicy.LEAST_REQUEST,
    perConnectionBufferLimitBytes: { value: POD_BUFFER },
    // After this time, requests for a pod that has vanished go to the gate.
    connectTimeout: { seconds: 1 },
    // Finds a pod whose node has died after 45 s. Otherwise its requests would wait forever.
    upstreamConnectionOptions: {
      tcpKeepalive: { keepaliveTime: { value: 30 }, keepaliveInterval: { value: 5 }, keepaliveProbes: { value: 3 } },
    },
    commonLbConfig: {
      // With the default of 50 %, Envoy would send requests to pods that end.
      healthyPanicThreshold: { value: 0 },
      // The default delays changes of health by a second.
      updateMergeWindow: { seconds: 0 },
    },
    circuitBreakers: NO_LIMITS,
    ...HTTP_1,
  });
}
