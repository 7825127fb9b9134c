import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { PUBLIC_QUIC } from "./names.ts";
import { tlsContext } from "./tls.ts";

const { ConnectionLimit } = envoy.extensions.filters.network.connection_limit.v3;
const { HttpConnectionManager } = envoy.extensions.filters.network.http_connection_manager.v3;
const { UDP } = envoy.config.core.v3.SocketAddress.Protocol;
const { QuicDownstreamTransport } = envoy.extensions.transport_sockets.quic.v3;

type Options = envoy.extensions.filters.network.http_connection_manager.v3.IHttpConnectionManager;

/** Bytes that a client may send on all streams of a connection before Envoy has passed them on: the most that Envoy takes. */
const CONNECTION_WINDOW = 24 << 20;

/** Streams of one connection. All of their windows have room: a held stream must not block another. */
const QUIC_STREAMS = 100;

/** What makes a listener one for HTTP/3, beside its filter chain. */
export function overUdp({ address, portValue }: { readonly address: string; readonly portValue: number }) {
  return {
    address: { socketAddress: { protocol: UDP, address, portValue, ipv4Compat: address === "::" } },
    udpListenerConfig: {
      quicOptions: {
        quicProtocolOptions: {
          maxConcurrentStreams: { value: QUIC_STREAMS },
          initialStreamWindowSize: { value: Math.floor(CONNECTION_WINDOW / QUIC_STREAMS) },
          initialConnectionWindowSize: { value: CONNECTION_WINDOW },
          // A held request is silent. A client that has vanished does not answer, and its connection ends by itself.
          connectionKeepalive: { initialInterval: { seconds: 30 }, maxInterval: { seconds: 60 } },
        },
        idleTimeout: { seconds: 120 },
      },
      downstreamSocketConfig: { preferGro: { value: true } },
    },
  };
}

/** The transport of HTTP/3, with the filter that closes a connection beyond the limit. */
export function overQuic(
  connections: number,
): Pick<envoy.config.listener.v3.IFilterChain, "filters" | "transportSocket"> {
  return {
    filters: [extension("envoy.filters.network.connection_limit", ConnectionLimit, {
      statPrefix: PUBLIC_QUIC,
      maxConnections: { value: connections },
    })],
    transportSocket: extension("envoy.transport_sockets.quic", QuicDownstreamTransport, {
      downstreamTlsContext: tlsContext(["h3"]),
      // Somebody who has recorded early data may send it again: https://www.rfc-editor.org/rfc/rfc8470#section-3
      enableEarlyData: { value: false },
    }),
  };
}

/** The same options for requests over HTTP/3. WebSockets over it (RFC 9220) are work in progress in Envoy. */
export function http3(options: Options): Options {
  return {
    ...options,
    codecType: HttpConnectionManager.CodecType.HTTP3,
    http3ProtocolOptions: { allowExtendedConnect: false },
  };
}
