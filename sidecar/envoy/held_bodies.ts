/**
 * What the bodies of requests cost Envoy while the gate holds them. A body that says its length, up to a limit, is read
 * whole: so Envoy sees at once that a client has gone, and can send the request again after the crash of a sidecar. Of any
 * other, Envoy reads a part and leaves the rest to the client.
 */
import { envoy } from "../gen/envoy.js";
import { cluster, type Resource } from "../proto/resource.ts";
import { answersWithin, GATE_ANSWER_LIMITS } from "./header_limits.ts";
import { WHOLE_BODIES_CLUSTER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";
import { socketsIn } from "./sockets.ts";
import { NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;

/** Bytes that Envoy keeps of a connection with itself before it stops reading at the other end. */
export const INNER_BUFFER = 1 << 16;

/**
 * The same for connections with clients and with views' pods. A request whose header is refused for its size fits in here: else its client
 * would meet a reset in place of the answer.
 */
export const OUTER_BUFFER = 1 << 17;

/** Bytes that a client may send on one stream of HTTP/2 before Envoy has passed them on. */
export const STREAM_WINDOW = 1 << 18;

/** Bytes that a body costs of which a part is read: see held_bodies_test.ts. */
const PART = 1 << 20;

/** Bytes that Envoy takes at a time. */
const SLICE = 1 << 14;

/** The body of a request as its headers announce it. */
export interface Announced {
  /** `Content-Length`; undefined where there is none. */
  readonly length: number | undefined;
  /** Whether bytes may come without a length: `Transfer-Encoding`, or `Upgrade`. */
  readonly unbounded: boolean;
}

/** Bytes of Envoy's memory that the body may take while its request is held. */
export function costOf({ length = 0, unbounded }: Announced, limit: number): number {
  if (unbounded || length > limit) return PART;
  // Envoy keeps it twice: on its way to the gate, and for another try.
  return length === 0 ? 0 : 2 * (length + SLICE);
}

/** The largest cost that a body can have. */
export function maxCost(limit: number): number {
  return Math.max(PART, costOf({ length: limit, unbounded: false }, limit));
}

/** The gate, for requests whose bodies are read whole before they pass it. */
export function wholeBodiesCluster(
  { socketDirectory, requestBodyBufferLimitBytes }: Pick<
    EnvoySettings,
    "socketDirectory" | "requestBodyBufferLimitBytes"
  >,
): Resource {
  return cluster({
    name: WHOLE_BODIES_CLUSTER,
    type: Cluster.DiscoveryType.STATIC,
    connectTimeout: { seconds: 1 },
    perConnectionBufferLimitBytes: { value: requestBodyBufferLimitBytes },
    circuitBreakers: NO_LIMITS,
    ...answersWithin(GATE_ANSWER_LIMITS),
    loadAssignment: {
      clusterName: WHOLE_BODIES_CLUSTER,
      endpoints: [{
        lbEndpoints: [{ endpoint: { address: { pipe: { path: socketsIn(socketDirectory).gate } } } }],
      }],
    },
  });
}
