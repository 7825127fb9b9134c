import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { listener, type Resource } from "../proto/resource.ts";
import { accessLog } from "./access_log.ts";
import { authorization } from "./authorization.ts";
import { withoutForwarded } from "./forwarded_headers.ts";
import { REQUEST_LIMITS } from "./header_limits.ts";
import { CLIENT_BUFFER, INNER_BUFFER, STREAM_WINDOW } from "./held_bodies.ts";
import { lakeFilter } from "./lake.ts";
import { lakeReadsFilter, unkeptLakeReads } from "./lake_reads.ts";
import { gateLocalReplies, lakeLocalReplies, publicLocalReplies } from "./local_replies.ts";
import { GATE, LAKE, PUBLIC, PUBLIC_QUIC, REDIRECT } from "./names.ts";
import { cookieFilter } from "./own_cookies.ts";
import { http3, overQuic, overUdp } from "./quic.ts";
import type { EnvoySettings } from "./settings.ts";
import { socketsIn } from "./sockets.ts";
import { overTls } from "./tls.ts";
import { tracing } from "./traces.ts";
import { IGNORED_UPGRADES, WEBSOCKET } from "./upgrades.ts";
import { ads } from "./values.ts";
import { viewToken } from "./view_token_filter.ts";
import { websockets } from "./websockets.ts";

const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { Router } = envoy.extensions.filters.http.router.v3;
const { PASS_THROUGH } = HttpConnectionManager.ServerHeaderTransformation;
const { DROP_HEADER } = envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction;
const { KEEP_UNCHANGED } = HttpConnectionManager.PathWithEscapedSlashesAction;

/** The kernel's default limit. Envoy's own default of 128 is too small when many requests come at once. */
const BACKLOG = { value: 4096 };

/** Streams of one HTTP/2 connection. */
const MAX_STREAMS = 1_000;

/** What clients connect to. With TLS, plain HTTP is only redirected. */
export function publicListeners(settings: EnvoySettings): readonly Resource[] {
  const { listenAddress: address, listenPort, tls } = settings;
  const options = clientOptions(settings);
  const plain = tcp({ address, portValue: listenPort });
  if (tls === undefined) return [listener({ ...plain, name: PUBLIC, filterChains: chain(options) })];
  const secure = { address, portValue: tls.listenPort };
  return [
    listener({ ...tcp(secure), name: PUBLIC, filterChains: chain(options, overTls()) }),
    ...tls.http3 === undefined ? [] : [listener({
      ...overUdp(secure),
      name: PUBLIC_QUIC,
      filterChains: chain(http3(options), overQuic(tls.http3.connections)),
    })],
    listener({
      ...plain,
      name: REDIRECT,
      filterChains: chain({ ...options, ...common(REDIRECT), httpFilters: [router()] }),
    }),
  ];
}

/** A TCP listener for connections with clients. */
function tcp({ address, portValue }: { readonly address: string; readonly portValue: number }) {
  return {
    address: { socketAddress: { address, portValue, ipv4Compat: address === "::" } },
    tcpBacklogSize: BACKLOG,
    perConnectionBufferLimitBytes: { value: CLIENT_BUFFER },
    socketOptions: KEEPALIVE,
  };
}

/** Options for requests of clients, whatever the transport. What all of them have to pass stands here. */
function clientOptions(settings: EnvoySettings): Options {
  const { authentication, xffNumTrustedHops } = settings;
  const httpFilters = [
    ...authentication === "none" ? [] : [viewToken(), cookieFilter()],
    ...settings.lake === undefined ? [] : [lakeReadsFilter(), lakeFilter({ on: PUBLIC })],
    router(),
  ];
  return {
    ...common(PUBLIC),
    ...withoutForwarded(settings),
    // Many frameworks treat x_forwarded_for as x-forwarded-for, and so with every other header.
    commonHttpProtocolOptions: {
      headersWithUnderscoresAction: DROP_HEADER,
      maxHeadersCount: { value: REQUEST_LIMITS.fields },
    },
    maxRequestHeadersKb: { value: REQUEST_LIMITS.kib },
    httpProtocolOptions: { acceptHttp_10: true, ignoreHttp_11Upgrade: IGNORED_UPGRADES },
    http2ProtocolOptions: {
      // WebSockets over HTTP/2 (RFC 8441), which proxies in front may use. A plain CONNECT matches no route.
      allowConnect: true,
      maxConcurrentStreams: { value: MAX_STREAMS },
      initialStreamWindowSize: { value: STREAM_WINDOW },
      // Room for all streams: a held stream must not block another.
      initialConnectionWindowSize: { value: MAX_STREAMS * STREAM_WINDOW },
      connectionKeepalive: { interval: { seconds: 60 }, timeout: { seconds: 15 } },
    },
    requestHeadersTimeout: { seconds: 30 },
    useRemoteAddress: { value: true },
    xffNumTrustedHops,
    // No client may control Envoy through x-envoy-* headers, whatever its address.
    internalAddressConfig: { cidrRanges: [{ addressPrefix: "255.255.255.255", prefixLen: { value: 32 } }] },
    preserveExternalRequestId: xffNumTrustedHops > 0,
    // RFC 3986 6.2.2: dot segments go and unreserved characters are decoded; slashes and %2F stay as the client sent them.
    normalizePath: { value: true },
    pathWithEscapedSlashesAction: KEEP_UNCHANGED,
    localReplyConfig: publicLocalReplies(settings),
    accessLog: settings.accessLog ? [accessLog()] : [],
    httpFilters,
    ...websockets(httpFilters),
  };
}

/** The gate, for requests to views that are not awake. Each waits here until the sidecar decides. */
export function gateListener(settings: EnvoySettings): Resource {
  return listener({
    ...internal(GATE, socketsIn(settings.socketDirectory).gate),
    filterChains: chain({
      ...internalOptions(GATE),
      ...settings.traces && tracing(settings.traces),
      localReplyConfig: gateLocalReplies(settings),
      httpFilters: [authorization(settings), router()],
    }),
  });
}

/** For requests to the lake while the sidecar does not answer. */
export function lakeListener(settings: EnvoySettings): Resource {
  return listener({
    ...internal(LAKE, socketsIn(settings.socketDirectory).lake),
    filterChains: chain({
      ...internalOptions(LAKE),
      localReplyConfig: lakeLocalReplies(settings),
      httpFilters: [unkeptLakeReads(), lakeFilter({ on: LAKE }), router()],
    }),
  });
}

type Options = envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager;

function common(name: string): Options {
  return {
    statPrefix: name,
    rds: { routeConfigName: name, configSource: ads({ seconds: 0 }) },
    upgradeConfigs: [{ upgradeType: WEBSOCKET }],
    // A held request is silent, and a WebSocket may be. Keep-alive probes find clients that have vanished.
    streamIdleTimeout: { seconds: 0 },
    serverHeaderTransformation: PASS_THROUGH,
  };
}

/** A listener for connections from the public listener, which has the limits. */
function internal(name: string, path: string) {
  return {
    name,
    address: { pipe: { path, mode: 0o600 } },
    tcpBacklogSize: BACKLOG,
    perConnectionBufferLimitBytes: { value: INNER_BUFFER },
    ignoreGlobalConnLimit: true,
    bypassOverloadManager: true,
  };
}

/** Options for requests that have passed the public listener. */
function internalOptions(name: string): Options {
  return {
    ...common(name),
    codecType: HttpConnectionManager.CodecType.HTTP1,
    // More than the public listener accepts, because it adds headers.
    commonHttpProtocolOptions: { maxHeadersCount: { value: 200 } },
    maxRequestHeadersKb: { value: 96 },
    // The public listener has already set the headers that describe the client.
    useRemoteAddress: { value: false },
    skipXffAppend: true,
    generateRequestId: { value: false },
  };
}

function chain(
  options: Options,
  transport: envoy.config.listener.v3.IFilterChain = {},
): envoy.config.listener.v3.IFilterChain[] {
  const manager = extension("envoy.filters.network.http_connection_manager", HttpConnectionManager, options);
  return [{ ...transport, filters: [...transport.filters ?? [], manager] }];
}

function router(): envoy.extensions.filters.network.http_connection_manager.v3.IHttpFilter {
  // Clients do not need Envoy's x-envoy-* headers.
  return extension("envoy.filters.http.router", Router, { suppressEnvoyHeaders: true });
}

/**
 * Finds a client that has vanished after two minutes. Otherwise its WebSocket would keep its view awake forever. Numbers
 * are Linux's: SOL_SOCKET SO_KEEPALIVE, IPPROTO_TCP TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT.
 */
const KEEPALIVE: readonly envoy.config.core.v3.ISocketOption[] = [
  { level: 1, name: 9, intValue: 1 },
  { level: 6, name: 4, intValue: 60 },
  { level: 6, name: 5, intValue: 15 },
  { level: 6, name: 6, intValue: 4 },
];
