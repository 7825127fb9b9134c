import { ANSWER_LIMITS, REQUEST_LIMITS } from "./header_limits.ts";

/** A problem (RFC 9457) for some of Envoy's local replies. */
export interface LocalReply {
  readonly kind: string;
  readonly title: string;
  /** With Envoy's command operators. */
  readonly detail: string;
  /** Default: Envoy's own status. */
  readonly status?: number;
  /** Whether the same request may succeed soon. */
  readonly retryable?: boolean;
  /** Whether a browser's navigation gets a page. */
  readonly page?: boolean;
  /** Response code details. One that ends in `*` is a prefix. */
  readonly details: readonly string[];
  /** Response flags, for answers whose details are unknown. */
  readonly flags?: readonly string[];
}

/**
 * All local replies of Envoy 1.37, by response code details. A status alone is not enough: one 403 is about an https URL on
 * a connection without TLS, another about an upgrade.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/http/http_conn_man/response_code_details
 */
export const LOCAL_REPLIES: readonly LocalReply[] = [
  {
    kind: "not-found",
    page: true,
    title: "Not Found",
    // The text is in a route: see `notFound` in routes.ts.
    detail: "%LOCAL_REPLY_BODY%",
    details: ["direct_response"],
  },
  {
    kind: "not-found",
    title: "Not Found",
    detail: "The gateway has no route for %REQ(:METHOD)% requests of this form.",
    details: ["route_not_found", "route_configuration_not_found"],
    flags: ["NR"],
  },
  {
    kind: "https-without-tls",
    title: "HTTPS Without TLS",
    detail:
      "The request is for an https URL, but its connection has no TLS. Use the http URL, or a connection with TLS.",
    // https://www.rfc-editor.org/rfc/rfc9110#section-7.4
    status: 421,
    details: ["http1.https_url_on_plaintext_connection"],
  },
  {
    kind: "upgrade-refused",
    title: "Upgrade Refused",
    detail: "The gateway upgrades a stream to the protocol websocket alone.",
    // https://www.rfc-editor.org/rfc/rfc9220#section-3
    status: 501,
    details: ["upgrade_failed"],
  },
  {
    kind: "no-websocket",
    title: "Bad Gateway",
    // On the public listener websocket_handshake.lua answers instead.
    detail: "The request asks for a WebSocket, but %REQ(:AUTHORITY)% has not opened one.",
    details: ["websocket_handshake_unsuccessful"],
  },
  {
    kind: "http-version",
    title: "HTTP Version Not Supported",
    detail: "The gateway speaks HTTP/1.0, HTTP/1.1 and HTTP/2.",
    details: ["low_version"],
  },
  {
    kind: "no-host",
    title: "Bad Request",
    detail: "The request has no Host header, which names the view.",
    details: ["missing_host_header"],
  },
  {
    kind: "invalid-path",
    title: "Bad Request",
    detail: "The path of the request is not valid: %RESPONSE_CODE_DETAILS%.",
    details: [
      "http1.invalid_url",
      "invalid_path",
      "missing_path_rejected",
      "path_normalization_failed",
    ],
  },
  {
    kind: "no-path",
    title: "Not Found",
    detail: "The request has no path, and the gateway itself has no answer to it.",
    details: ["absolute_path_rejected"],
  },
  {
    kind: "transfer-encoding",
    title: "Not Implemented",
    detail: "The gateway supports no Transfer-Encoding but chunked.",
    details: ["http1.invalid_transfer_encoding"],
  },
  {
    kind: "bad-request",
    title: "Bad Request",
    detail: "The request is not valid HTTP: %RESPONSE_CODE_DETAILS%.",
    details: [
      "early_connect_data",
      "http1.body_disallowed",
      "http1.codec_error",
      "http1.connection_header_rejected",
      "http1.content_length_and_chunked_not_allowed",
      "http1.content_length_not_allowed",
      "http1.invalid_characters",
      "http1.invalid_scheme",
      "http1.transfer_encoding_not_allowed",
      "http1.unexpected_underscore",
      "http2.invalid.header.field",
      "http2.unexpected_underscore",
      "http2.unknown.nghttp2.error",
      "http2.unknown.oghttp2.error",
      "http2.violation.of.messaging.rule",
      "http3.inconsistent_content_length",
      "http3.invalid_header_field",
      "http3.unexpected_underscore",
      "request_headers_failed_strict_check",
    ],
    flags: ["DPE", "IH"],
  },
  {
    kind: "client-unknown",
    title: "Client Unknown",
    detail: "The gateway cannot find the client's address in the request's headers.",
    details: ["rejecting_because_detection_failed"],
  },
  {
    kind: "headers-too-large",
    page: true,
    title: "Request Header Fields Too Large",
    detail: `The request's header has more than ${REQUEST_LIMITS.fields} fields or ${REQUEST_LIMITS.kib} KiB.`,
    details: [
      "http1.headers_too_large",
      "http1.too_many_headers",
      "http2.too_many_headers",
      "http3.headers_too_large",
      "http3.too_many_headers",
      "http3.too_many_trailers",
    ],
  },
  {
    kind: "content-too-large",
    title: "Content Too Large",
    detail: "The body of the request is larger than the gateway accepts.",
    details: ["request_payload_too_large"],
  },
  {
    kind: "cannot-be-repeated",
    retryable: true,
    title: "Cannot Be Repeated",
    // Envoy's status is 507. The client may repeat the request, as Envoy would have done: see retries.ts.
    detail: "The gateway has to send the request again, but its body is too large to keep. Try again.",
    details: ["request_payload_exceeded_retry_buffer_limit"],
  },
  {
    kind: "request-timeout",
    title: "Request Timeout",
    detail: "The request did not arrive in time: %RESPONSE_CODE_DETAILS%.",
    details: ["downstream_header_timeout", "request_header_timeout", "request_overall_timeout"],
  },
  {
    kind: "idle",
    title: "Nothing Was Sent",
    detail: "Neither the client nor the server of %REQ(:AUTHORITY)% has sent anything for too long.",
    details: ["stream_idle_timeout"],
    flags: ["SI"],
  },
  {
    kind: "too-long",
    title: "Took Too Long",
    detail: "The request took longer than the gateway allows: %RESPONSE_CODE_DETAILS%.",
    details: ["duration_timeout", "max_duration_timeout", "upstream_max_stream_duration_reached"],
    flags: ["DT", "UMSDR"],
  },
  {
    kind: "answer-timeout",
    retryable: true,
    page: true,
    title: "Gateway Timeout",
    detail: "The server of %REQ(:AUTHORITY)% has not answered in time: %RESPONSE_CODE_DETAILS%.",
    details: ["response_timeout", "upstream_per_try_idle_timeout", "upstream_per_try_timeout"],
    flags: ["UT"],
  },
  {
    kind: "unreachable",
    retryable: true,
    page: true,
    title: "Upstream Unreachable",
    detail: "The server of %REQ(:AUTHORITY)% cannot be reached now. Try again.",
    details: [
      "cluster_not_found",
      "no_healthy_upstream",
      ...reset("connection_timeout", "local_connection_failure", "remote_connection_failure"),
    ],
    flags: ["DF", "NC", "UF", "UH"],
  },
  {
    kind: "connection-closed",
    retryable: true,
    page: true,
    title: "Connection Closed",
    detail: "The connection to the server of %REQ(:AUTHORITY)% was closed before the answer began.",
    details: reset(
      "HTTP/1_premature_upstream_half_close",
      "connection_termination",
      "local_refused_stream_reset",
      "local_reset",
      "remote_error_with_CONNECT_request",
      "remote_refused_stream_reset",
      "remote_reset",
    ),
    flags: ["LR", "UC", "UR"],
  },
  {
    kind: "invalid-answer",
    page: true,
    title: "Invalid Answer",
    detail: "The server of %REQ(:AUTHORITY)% does not speak valid HTTP, or the header of its answer has more than " +
      `${ANSWER_LIMITS.fields} fields or ${ANSWER_LIMITS.kib} KiB.`,
    details: reset("protocol_error"),
    flags: ["UPE"],
  },
  {
    kind: "answer-too-large",
    title: "Answer Too Large",
    detail: "The answer of %REQ(:AUTHORITY)% is too large for the gateway to check.",
    details: ["response_payload_too_large"],
  },
  {
    kind: "overloaded",
    retryable: true,
    page: true,
    title: "Overloaded",
    detail: "The gateway is overloaded now. Try again.",
    details: [
      "drop_overload",
      "maintenance_mode",
      "overload",
      "unconditional_drop_overload",
      ...reset("overflow", "overload_manager_reset"),
    ],
    flags: ["DO", "OM", "UDO", "UO"],
  },
  {
    kind: "gateway-unavailable",
    retryable: true,
    page: true,
    title: "Gateway Unavailable",
    detail: "The gateway's control plane does not answer now. Try again.",
    details: ["ext_authz_denied", "ext_authz_error", "ext_authz_invalid", "ext_proc_error*"],
    flags: ["UAEX"],
  },
  {
    kind: "gateway-fault",
    title: "Gateway Fault",
    detail: "The gateway's own configuration is wrong: %RESPONSE_CODE_DETAILS%.",
    details: [
      "filter_added_invalid_request_data",
      "filter_added_invalid_response_data",
      "filter_removed_required_request_headers*",
      "filter_removed_required_response_headers*",
    ],
    flags: ["NFCF"],
  },
];

/** Details of streams without a local reply. */
export const WITHOUT_LOCAL_REPLY: readonly string[] = [
  // The answer is the view's, the sidecar's or S3's.
  "via_upstream",
  "ext_proc_local_response",
  "internal_redirect",
  // The answer is of Envoy's admin interface, which no client reaches.
  "admin_filter_response",
  // A peer sends without end, or has gone: Envoy cuts the stream or the connection.
  "downstream_local_disconnect*",
  "downstream_remote_disconnect",
  "filter_chain_not_found",
  "http2.inbound_empty_frames_flood",
  "http2.outbound_frames_flood",
  "http2.remote_refuse",
  "http2.remote_reset",
  "upstream_reset_after_response_started*",
];

function reset(...reasons: readonly string[]): readonly string[] {
  return reasons.map((reason) => `upstream_reset_before_response_started{${reason}*`);
}
