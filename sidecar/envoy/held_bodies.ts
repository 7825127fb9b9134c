/**
 * The memory that bodies cost Envoy while the gate holds their requests. Envoy reads a body whole if its length is known
 * and within a limit. It then sees at once that a client has gone, and can send the request again after a sidecar's crash.
 * Of any other body, and while Envoy still has the cluster of a view that has fallen asleep, it reads a part and leaves
 * the rest with the client.
 */
import { envoy } from "../gen/envoy.js";
import { cluster, type Resource } from "../proto/resource.ts";
import { answersWithin, GATE_ANSWER_LIMITS } from "./header_limits.ts";
import { LARGE_BODIES_CLUSTER, PART_BODIES_CLUSTER, SMALL_BODIES_CLUSTER } from "./names.ts";
import type { EnvoySettings } from "./settings.ts";
import { socketsIn } from "./sockets.ts";
import { NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;

/** Bytes that Envoy buffers on a connection with itself before it stops reading at the other end. */
export const INNER_BUFFER = 1 << 16;

/**
 * The same for connections with clients. A request whose header is too large fits in here. Otherwise its client would get
 * a reset instead of the answer.
 */
export const CLIENT_BUFFER = 1 << 17;

/**
 * The same for connections with pods, and with the gate after a view has fallen asleep. With half of it, an answer of 1 MB
 * would cost a third more of Envoy's processor time.
 */
export const POD_BUFFER = 1 << 19;

/** Bytes that a client may send on one HTTP/2 stream before Envoy has passed them on. */
export const STREAM_WINDOW = 1 << 18;

/** Most bytes of memory for a body that Envoy reads in part: see held_bodies_test.ts. */
const PART = 1 << 21;

/** The same for what a client sends before its connection is upgraded. */
const BEFORE_UPGRADE = 1 << 19;

/** Most bytes of a small body. */
const SMALL = 1 << 20;

/** Bytes that Envoy reads at a time. */
const SLICE = 1 << 14;

/** The body of a request as its headers announce it. */
export interface Announced {
  /** `Content-Length`; undefined where there is none. */
  readonly length: number | undefined;
  /** Whether the body comes without a length: `Transfer-Encoding`. */
  readonly chunked: boolean;
  /** Whether bytes of the upgraded protocol may follow: `Upgrade`. */
  readonly upgrade: boolean;
}

/** Bytes of Envoy's memory that the body may take while its request is held. */
export function costOf({ length = 0, chunked, upgrade }: Announced, limit: number): number {
  if (chunked || length > limit) return PART;
  if (upgrade) return BEFORE_UPGRADE;
  return length === 0 ? 0 : wholeCost(length);
}

/**
 * The same for a request that has come to the gate by its view's cluster, as after a view has fallen asleep. Envoy reads
 * a part of every body there.
 */
export function costByViewCluster(body: Announced, limit: number): number {
  return Math.min(PART, costOf(body, limit));
}

/** Envoy keeps two copies: one on its way to the gate, and one for a retry. */
function wholeCost(length: number): number {
  return 2 * (length + SLICE);
}

/** The largest cost that a body can have. */
export function maxCost(limit: number): number {
  return Math.max(PART, wholeCost(limit));
}

/** A way to the gate, for bodies of one kind. */
interface Way {
  readonly cluster: string;
  /** Bytes that Envoy reads ahead of the gate. */
  readonly buffer: number;
  /** Bytes of memory that a body takes at most. */
  readonly cost: number;
}

type Limits = Pick<EnvoySettings, "requestBodyBufferLimitBytes" | "heldBytesInAll">;

/** A way for bodies that are read whole. */
interface WholeWay extends Way {
  /** Bytes that a body has at most. */
  readonly upTo: number;
}

/** Small bodies have a way of their own, so that large ones leave room for them. */
function waysOfWholes({ requestBodyBufferLimitBytes: limit }: Limits): readonly [small: WholeWay, large: WholeWay] {
  const way = (cluster: string, upTo: number): WholeWay => (
    { cluster, upTo, buffer: upTo, cost: wholeCost(upTo) }
  );
  return [way(SMALL_BODIES_CLUSTER, Math.min(limit, SMALL)), way(LARGE_BODIES_CLUSTER, limit)];
}

const PART_WAY: Way = { cluster: PART_BODIES_CLUSTER, buffer: INNER_BUFFER, cost: PART };

/** The constants of awake_or_gate.lua, which chooses the way. A body up to READ_AHEAD goes to the gate's own cluster. */
export function bodyConstants(limits: Limits) {
  const [small, large] = waysOfWholes(limits);
  return {
    READ_AHEAD: INNER_BUFFER,
    SMALL: small.upTo,
    SMALL_BODIES: small.cluster,
    LARGE: large.upTo,
    LARGE_BODIES: large.cluster,
    PART_BODIES: PART_WAY.cluster,
  };
}

/**
 * One cluster for each kind of body, each with the gate as its endpoint. The gate decides which requests it holds, but
 * Envoy reads their bodies until then. So Envoy itself limits the requests to those that there is memory for.
 */
export function bodyClusters(settings: Limits & Pick<EnvoySettings, "socketDirectory">): readonly Resource[] {
  return [...waysOfWholes(settings), PART_WAY].map(({ cluster: name, buffer, cost }) => {
    const most = { value: Math.max(1, Math.floor(settings.heldBytesInAll / cost)) };
    return cluster({
      name,
      type: Cluster.DiscoveryType.STATIC,
      connectTimeout: { seconds: 1 },
      perConnectionBufferLimitBytes: { value: buffer },
      circuitBreakers: { thresholds: [{ ...NO_LIMITS.thresholds![0], maxRequests: most, maxPendingRequests: most }] },
      ...answersWithin(GATE_ANSWER_LIMITS),
      loadAssignment: {
        clusterName: name,
        endpoints: [{
          lbEndpoints: [{ endpoint: { address: { pipe: { path: socketsIn(settings.socketDirectory).gate } } } }],
        }],
      },
    });
  });
}
