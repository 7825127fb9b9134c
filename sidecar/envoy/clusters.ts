import { envoy } from "../gen/envoy.js";
import { cluster, type Resource } from "../proto/resource.ts";
import { ANSWER_LIMITS, answersWithin } from "./header_limits.ts";
import { POD_BUFFER } from "./held_bodies.ts";
import { ads, NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;

/** Below the keep-alive time of common servers (2 s, 5 s): else a POST meets a connection that just closes. */
const IDLE_TIMEOUT = { seconds: 1, nanos: 500_000_000 };

const HTTP_1 = answersWithin(ANSWER_LIMITS, { idleTimeout: IDLE_TIMEOUT });

/**
 * The cluster of a view that is, or was lately, awake. It depends on the view's name alone: Envoy warms a changed
 * cluster anew, so whatever changes is among its endpoints.
 */
export function viewCluster(name: string): Resource {
  return cluster({
    name,
    type: Cluster.DiscoveryType.EDS,
    edsClusterConfig: { edsConfig: ads() },
    lbPolicy: Cluster.LbPolicy.LEAST_REQUEST,
    perConnectionBufferLimitBytes: { value: POD_BUFFER },
    // A pod that has vanished without a word takes its requests to the gate after this.
    connectTimeout: { seconds: 1 },
    // A pod whose node has died without a word is noticed after 45 s; else its requests would wait for ever.
    upstreamConnectionOptions: {
      tcpKeepalive: { keepaliveTime: { value: 30 }, keepaliveInterval: { value: 5 }, keepaliveProbes: { value: 3 } },
    },
    commonLbConfig: {
      // With the default of 50 % requests would go on to pods that end.
      healthyPanicThreshold: { value: 0 },
      // The default holds changes of health back for a second.
      updateMergeWindow: { seconds: 0 },
    },
    circuitBreakers: NO_LIMITS,
    ...HTTP_1,
  });
}
