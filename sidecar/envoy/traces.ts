/**
 * Traces of requests that come to the gate. The public listener has no tracer: a warm request would pay for it. The sidecar
 * sends its own spans through a socket of Envoy's, because its permissions are fixed when its image is built.
 */
import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { cluster, type Resource } from "../proto/resource.ts";
import { externalServer } from "./external_server.ts";
import { GATE, TRACES, TRACES_CLUSTER } from "./names.ts";
import type { EnvoySettings, TracesUpstream } from "./settings.ts";
import { sidecarListener } from "./sidecar_listener.ts";
import { socketsIn } from "./sockets.ts";

const { OpenTelemetryConfig } = envoy.config.trace.v3;
const { StaticConfigResourceDetectorConfig } = envoy.extensions.tracers.opentelemetry.resource_detectors.v3;
const { HeaderMutation } = envoy.extensions.http.early_header_mutation.header_mutation.v3;
const { UuidRequestIdConfig } = envoy.extensions.request_id.uuid.v3;

/** https://opentelemetry.io/docs/specs/otlp/#otlphttp-request */
export const OTLP_PATH = "/v1/traces";

/** What both Envoy's spans and the sidecar's say of the gateway, beside the name of the service. */
export function tracedResource(instance: string): Readonly<Record<string, string>> {
  return { "service.namespace": "view-gateway", ...instance !== "" && { "service.instance.id": instance } };
}

/** A collector that does not answer in this time loses the spans. */
const TIMEOUT = { seconds: 2 };

/** Exports under way at once. A slow collector must not fill Envoy's memory. */
const EXPORTS = { value: 8 };

export function tracesCluster(upstream: TracesUpstream): Resource {
  return cluster({
    ...externalServer(TRACES_CLUSTER, { url: upstream.endpoint, caFile: upstream.caFile }),
    connectTimeout: TIMEOUT,
    // Envoy's start does not wait for the collector's name.
    waitForWarmOnInit: { value: false },
    circuitBreakers: {
      thresholds: [{ maxConnections: EXPORTS, maxPendingRequests: EXPORTS, maxRequests: EXPORTS }],
    },
  });
}

/** The way of the sidecar's spans to the collector. */
export function tracesListener(
  { socketDirectory }: Pick<EnvoySettings, "socketDirectory">,
  { endpoint }: TracesUpstream,
): Resource {
  const route = { cluster: TRACES_CLUSTER, hostRewriteLiteral: new URL(endpoint).host, timeout: TIMEOUT };
  return sidecarListener(TRACES, socketsIn(socketDirectory).traces, {
    routeConfig: {
      name: TRACES,
      requestHeadersToRemove: ["x-forwarded-for", "x-forwarded-proto"],
      virtualHosts: [{ name: TRACES, domains: ["*"], routes: [{ match: { path: OTLP_PATH }, route }] }],
    },
  });
}

/**
 * Options of the listener that traces. Each request is traced, unless its client's `traceparent` says that it is not.
 * No path and no query leaves the gateway, and nothing that a client can write as it likes but the host.
 */
export function tracing(
  { endpoint, instance }: TracesUpstream,
): envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager {
  const provider = extension("envoy.tracers.opentelemetry", OpenTelemetryConfig, {
    serviceName: "view-gateway-envoy",
    httpService: {
      httpUri: { uri: new URL(OTLP_PATH, endpoint).href, cluster: TRACES_CLUSTER, timeout: TIMEOUT },
    },
    // Without one, Envoy reads its environment.
    resourceDetectors: [
      extension("envoy.tracers.opentelemetry.resource_detectors.static_config", StaticConfigResourceDetectorConfig, {
        attributes: tracedResource(instance),
      }),
    ],
  });
  return {
    tracing: {
      randomSampling: { value: 100 },
      clientSampling: { value: 0 },
      overallSampling: { value: 100 },
      spawnUpstreamSpan: { value: true },
      maxPathTagLength: { value: 0 },
      customTags: OVERWRITTEN.map((tag) => ({ tag, literal: { value: "-" } })),
      provider,
    },
    // Envoy would copy it into each span: any text, also bytes for which a collector may refuse all spans that come with it.
    earlyHeaderMutationExtensions: [
      extension("envoy.http.early_header_mutation.header_mutation", HeaderMutation, {
        mutations: [{ remove: "tracestate" }],
      }),
    ],
    // A request ID stays as it is, and may be any text that a proxy in front has chosen.
    requestIdExtension: {
      typedConfig: extension("", UuidRequestIdConfig, {
        packTraceReason: { value: false },
        useRequestIdForTraceSampling: { value: false },
      }).typedConfig,
    },
  };
}

/** Envoy's tags with a text of the client's. */
const OVERWRITTEN = ["user_agent", "guid:x-client-trace-id"];

/** The name of a span of the gate's. A pod does not see it. */
export const TRACED: Pick<envoy.config.route.v3.IRoute, "decorator"> = {
  decorator: { operation: GATE, propagate: { value: false } },
};
