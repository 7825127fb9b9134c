import { envoy } from "../gen/envoy.js";
import { extension, packAny } from "../proto/any.ts";
import { cluster, type Resource } from "../proto/resource.ts";
import { externalServer } from "./external_server.ts";
import { withLakeReads } from "./lake_reads.ts";
import { LAKE_HEADERS, onlyLakeHeaders } from "./s3_headers.ts";
import { LAKE_ERROR_STATUS } from "./local_replies.ts";
import {
  BUCKET_PROBE_HOST_HEADER,
  EXT_PROC_CLUSTER,
  LAKE_CLUSTER,
  LAKE_LISTENER_CLUSTER,
  LAKE_METADATA,
  LAKE_PREFIX,
  signedPrefix,
} from "./names.ts";
import { lakeRetries } from "./retries.ts";
import type { EnvoySettings, LakeUpstream } from "./settings.ts";
import { socketsIn } from "./sockets.ts";
import { NO_LIMITS } from "./values.ts";

const { Cluster } = envoy.config.cluster.v3;
const { FilterConfig } = envoy.config.route.v3;
const { ExternalProcessor, ExtProcPerRoute, ProcessingMode } = envoy.extensions.filters.http.ext_proc.v3;
const { UpstreamCodec } = envoy.extensions.filters.http.upstream_codec.v3;
const { HttpProtocolOptions } = envoy.extensions.upstreams.http.v3;
const { BodySendMode, HeaderSendMode } = ProcessingMode;
const { OVERWRITE_IF_EXISTS_OR_ADD } = envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;

type HttpFilter = envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter;

const EXT_PROC = "envoy.filters.http.ext_proc";

/**
 * The sidecar answers within 30 s: 5 s for the right to open the view, and 25 s for credentials. This ends a request that
 * it has lost. Envoy's default is 200 ms.
 */
const MESSAGE_TIMEOUT = { seconds: 35 };

/**
 * S3. Envoy looks its name up continually, and keeps good connections when the address changes. Whatever way a request has
 * come, the cluster's own filter passes only the headers of a read.
 */
export function lakeCluster({ endpoint, caFile }: LakeUpstream): Resource {
  return cluster({
    ...externalServer(LAKE_CLUSTER, { url: endpoint, caFile }),
    connectTimeout: { seconds: 5 },
    upstreamConnectionOptions: {
      tcpKeepalive: { keepaliveTime: { value: 30 }, keepaliveInterval: { value: 5 }, keepaliveProbes: { value: 3 } },
    },
    circuitBreakers: NO_LIMITS,
    typedExtensionProtocolOptions: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": packAny(HttpProtocolOptions, {
        explicitHttpConfig: { httpProtocolOptions: {} },
        httpFilters: [onlyLakeHeaders(), extension("envoy.filters.http.upstream_codec", UpstreamCodec, {})],
        // S3 closes a connection that is idle for longer.
        commonHttpProtocolOptions: { idleTimeout: { seconds: 4 } },
      }),
    },
  });
}

/**
 * The filter through which the sidecar checks and signs requests for the lake. It sees their headers, never a body. A
 * signed request gets another path, and the routes know it by that. On the public listener the filter is on for the lake's
 * route alone. Where the sidecar does not answer, the request goes to the lake's own listener, which asks again. It never
 * goes to S3 unsigned.
 */
export function lakeFilter({ on }: { readonly on: "public" | "lake" }): HttpFilter {
  return {
    ...extension(EXT_PROC, ExternalProcessor, {
      grpcService: { envoyGrpc: { clusterName: EXT_PROC_CLUSTER } },
      processingMode: {
        requestHeaderMode: HeaderSendMode.SEND,
        responseHeaderMode: HeaderSendMode.SKIP,
        requestBodyMode: BodySendMode.NONE,
        responseBodyMode: BodySendMode.NONE,
        requestTrailerMode: HeaderSendMode.SKIP,
        responseTrailerMode: HeaderSendMode.SKIP,
      },
      messageTimeout: MESSAGE_TIMEOUT,
      failureModeAllow: on === "public",
      statusOnError: { code: LAKE_ERROR_STATUS as envoy.type.v3.StatusCode },
      metadataOptions: { receivingNamespaces: { untyped: [LAKE_METADATA] } },
      // The sidecar sets :path.
      mutationRules: { allowAllRouting: { value: true } },
    }),
    disabled: on === "public",
  };
}

/** Seconds. A client that stops reading must not keep S3's connection forever. */
const IDLE = 300;

/** Seconds beyond HOLD_SECONDS in which a request gets its answer: those of the first question and of the last. */
const ASKED_TWICE = 2 * MESSAGE_TIMEOUT.seconds;

/**
 * On the public listener: a signed request goes to S3; any other goes to the listener that asks again. The script of kept
 * signatures waits for a request's end. So a request without an end has a limit of time, and as few bytes as Envoy allows.
 */
export function lakeRoutes(settings: EnvoySettings & { readonly lake: LakeUpstream }): envoy.config.route.v3.IRoute[] {
  return [signedRoute(settings), {
    match: { prefix: LAKE_PREFIX },
    requestBodyBufferLimit: { value: 1 },
    route: {
      cluster: LAKE_LISTENER_CLUSTER,
      timeout: { seconds: 0 },
      // Its answer may come from the other listener, for a client that reads slowly.
      idleTimeout: { seconds: Math.max(IDLE, settings.holdSeconds + ASKED_TWICE) },
      retryPolicy: lakeRetries(settings),
    },
    typedPerFilterConfig: {
      ...withLakeReads(),
      [EXT_PROC]: packAny(FilterConfig, { config: packAny(ExtProcPerRoute, { overrides: {} }) }),
    },
  }];
}

/** The route of signed requests to S3. A signature is valid for 15 minutes, so Envoy may send a read again. */
export function signedRoute(
  { lake, gateToken }: EnvoySettings & { readonly lake: LakeUpstream },
): envoy.config.route.v3.IRoute {
  return {
    match: { prefix: signedPrefix(gateToken) },
    // A request that Envoy has signed needs no sidecar.
    typedPerFilterConfig: { [EXT_PROC]: packAny(ExtProcPerRoute, { disabled: true }) },
    responseHeadersToAdd: Object.entries(LAKE_HEADERS).map(([key, value]) => ({
      header: { key, value },
      appendAction: OVERWRITE_IF_EXISTS_OR_ADD,
    })),
    route: {
      cluster: LAKE_CLUSTER,
      prefixRewrite: "/",
      hostRewriteLiteral: new URL(lake.endpoint).host,
      timeout: { seconds: 0 },
      idleTimeout: { seconds: IDLE },
      retryPolicy: {
        retryOn: "connect-failure,refused-stream,reset",
        numRetries: { value: 3 },
        retryBackOff: { baseInterval: { nanos: 100_000_000 }, maxInterval: { seconds: 1 } },
      },
    },
  };
}

/** The sidecar's probe of a bucket. It goes the way of a browser's request to the view that a header names. */
export function bucketProbeRoute(): envoy.config.route.v3.IRoute {
  return {
    match: {
      prefix: LAKE_PREFIX,
      headers: [{ name: ":method", stringMatch: { exact: "GET" } }, {
        name: BUCKET_PROBE_HOST_HEADER,
        presentMatch: true,
      }],
    },
    route: { cluster: LAKE_LISTENER_CLUSTER, timeout: { seconds: 5 }, hostRewriteHeader: BUCKET_PROBE_HOST_HEADER },
  };
}

/** The lake's own listener, as a cluster. */
export function lakeListenerCluster(socketDirectory: string): Resource {
  const address = { pipe: { path: socketsIn(socketDirectory).lake } };
  return cluster({
    name: LAKE_LISTENER_CLUSTER,
    type: Cluster.DiscoveryType.STATIC,
    connectTimeout: { seconds: 1 },
    circuitBreakers: NO_LIMITS,
    loadAssignment: { clusterName: LAKE_LISTENER_CLUSTER, endpoints: [{ lbEndpoints: [{ endpoint: { address } }] }] },
  });
}
