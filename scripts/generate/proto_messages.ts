/** Which messages of Envoy's API the sidecar uses; what they refer to comes along. */
export const MESSAGES: readonly { readonly file: string; readonly messages: readonly string[] }[] = [
  // xDS: the transport, and the resources.
  of("envoy/service/discovery/v3/discovery.proto", "DeltaDiscoveryRequest", "DeltaDiscoveryResponse"),
  of("envoy/config/cluster/v3/cluster.proto", "Cluster"),
  of("envoy/config/core/v3/extension.proto", "TypedExtensionConfig"),
  of("envoy/config/endpoint/v3/endpoint.proto", "ClusterLoadAssignment"),
  of("envoy/config/listener/v3/listener.proto", "Listener"),
  of("envoy/config/route/v3/route.proto", "RouteConfiguration"),
  of("envoy/config/route/v3/route_components.proto", "FilterConfig"),
  // What those resources carry in an Any.
  of("envoy/config/trace/v3/opentelemetry.proto", "OpenTelemetryConfig"),
  of("envoy/extensions/access_loggers/file/v3/file.proto", "FileAccessLog"),
  of("envoy/extensions/access_loggers/filters/cel/v3/cel.proto", "ExpressionFilter"),
  of("envoy/extensions/access_loggers/stream/v3/stream.proto", "StdoutAccessLog", "StderrAccessLog"),
  of("envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto", "ExtAuthz"),
  of("envoy/extensions/filters/http/ext_proc/v3/ext_proc.proto", "ExternalProcessor", "ExtProcPerRoute"),
  of("envoy/extensions/filters/http/header_mutation/v3/header_mutation.proto", "HeaderMutation"),
  of("envoy/extensions/filters/http/header_to_metadata/v3/header_to_metadata.proto", "Config"),
  of("envoy/extensions/filters/http/jwt_authn/v3/config.proto", "JwtAuthentication", "PerRouteConfig"),
  of("envoy/extensions/filters/http/lua/v3/lua.proto", "Lua"),
  of("envoy/extensions/filters/http/router/v3/router.proto", "Router"),
  of("envoy/extensions/filters/http/upstream_codec/v3/upstream_codec.proto", "UpstreamCodec"),
  of("envoy/extensions/http/early_header_mutation/header_mutation/v3/header_mutation.proto", "HeaderMutation"),
  of("envoy/extensions/filters/network/connection_limit/v3/connection_limit.proto", "ConnectionLimit"),
  of(
    "envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
    "HttpConnectionManager",
  ),
  of("envoy/extensions/request_id/uuid/v3/uuid.proto", "UuidRequestIdConfig"),
  of(
    "envoy/extensions/retry/priority/previous_priorities/v3/previous_priorities_config.proto",
    "PreviousPrioritiesConfig",
  ),
  of("envoy/extensions/router/cluster_specifiers/lua/v3/lua.proto", "LuaConfig"),
  of(
    "envoy/extensions/tracers/opentelemetry/resource_detectors/v3/static_config_resource_detector.proto",
    "StaticConfigResourceDetectorConfig",
  ),
  of("envoy/extensions/transport_sockets/quic/v3/quic_transport.proto", "QuicDownstreamTransport"),
  of("envoy/extensions/transport_sockets/tls/v3/secret.proto", "Secret"),
  of("envoy/extensions/transport_sockets/tls/v3/tls.proto", "DownstreamTlsContext", "UpstreamTlsContext"),
  of("envoy/extensions/upstreams/http/v3/http_protocol_options.proto", "HttpProtocolOptions"),
  // The services that the sidecar is to Envoy.
  of("envoy/service/ext_proc/v3/external_processor.proto", "ProcessingRequest", "ProcessingResponse"),
  of("envoy/service/load_stats/v3/lrs.proto", "LoadStatsRequest", "LoadStatsResponse"),
];

const UINT32 = "google.protobuf.UInt32Value";
const UINT64 = "google.protobuf.UInt64Value";

const REMOVE_ON_MATCH = "envoy.config.common.mutation_rules.v3.HeaderMutation.RemoveOnMatch";
const STRING_MATCHER = "envoy.type.matcher.v3.StringMatcher";

/** Messages that Envoy 1.37 knows and the package's older copy of its API does not, without their fields. */
export const ADDED_MESSAGES: readonly string[] = [REMOVE_ON_MATCH];

interface AddedField {
  readonly message: string;
  readonly name: string;
  readonly id: number;
  readonly type: string;
  readonly rule?: "repeated";
}

/** Fields that Envoy 1.37 knows and that copy does not. */
export const ADDED_FIELDS: readonly AddedField[] = [
  { message: REMOVE_ON_MATCH, name: "keyMatcher", id: 1, type: STRING_MATCHER },
  {
    message: "envoy.config.common.mutation_rules.v3.HeaderMutation",
    name: "removeOnMatch",
    id: 3,
    type: REMOVE_ON_MATCH,
  },
  {
    message: "envoy.config.core.v3.Http1ProtocolOptions",
    name: "ignoreHttp_11Upgrade",
    id: 11,
    type: STRING_MATCHER,
    rule: "repeated",
  },
  { message: "envoy.config.core.v3.HttpProtocolOptions", name: "maxResponseHeadersKb", id: 7, type: UINT32 },
  { message: "envoy.config.route.v3.VirtualHost", name: "requestBodyBufferLimit", id: 25, type: UINT64 },
  { message: "envoy.config.route.v3.Route", name: "requestBodyBufferLimit", id: 20, type: UINT64 },
  {
    message: "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
    name: "statusOnError",
    id: 24,
    type: "envoy.type.v3.HttpStatus",
  },
];

/**
 * Fields that are skipped when they are read: Envoy names all of its extensions, 50 kB, in each request and ACK, and to
 * decode them was half of what an update cost.
 */
export const DROPPED_FIELDS: readonly { readonly message: string; readonly name: string }[] = [
  { message: "envoy.config.core.v3.Node", name: "extensions" },
];

function of(file: string, ...messages: string[]) {
  const namespace = file.slice(0, file.lastIndexOf("/")).replaceAll("/", ".");
  return { file, messages: messages.map((message) => `${namespace}.${message}`) };
}
