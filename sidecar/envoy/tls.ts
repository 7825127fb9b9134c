/** TLS as Envoy ends it. Its certificate comes from files that Envoy watches itself: a renewal needs no sidecar. */
import { envoy } from "../gen/envoy.js";
import { extension } from "../proto/any.ts";
import { type Resource, secret } from "../proto/resource.ts";
import { CERTIFICATE } from "./names.ts";
import type { TlsSettings } from "./settings.ts";
import { ads } from "./values.ts";

const { DownstreamTlsContext, TlsParameters } = envoy.extensions.transport_sockets.tls.v3;
const { TLSv1_2, TLSv1_3 } = TlsParameters.TlsProtocol;

type TlsContext = envoy.extensions.transport_sockets.tls.v3.IDownstreamTlsContext;

/**
 * The certificate and its key. The kubelet replaces both files at once by another target of the link `..data`, which is a
 * move within the directory: https://www.envoyproxy.io/docs/envoy/v1.37.0/configuration/security/secret#key-rotation
 */
export function certificate({ directory }: Pick<TlsSettings, "directory">): Resource {
  return secret({
    name: CERTIFICATE,
    tlsCertificate: {
      certificateChain: { filename: `${directory}/tls.crt` },
      privateKey: { filename: `${directory}/tls.key` },
      watchedDirectory: { path: directory },
    },
  });
}

/** What a TLS connection agrees on with a client, for these protocols (ALPN). */
export function tlsContext(alpnProtocols: readonly string[]): TlsContext {
  return {
    commonTlsContext: {
      alpnProtocols: [...alpnProtocols],
      tlsParams: { tlsMinimumProtocolVersion: TLSv1_2, tlsMaximumProtocolVersion: TLSv1_3 },
      // Without the certificate, the listener waits.
      tlsCertificateSdsSecretConfigs: [{ name: CERTIFICATE, sdsConfig: ads({ seconds: 0 }) }],
    },
  };
}

/** What makes a TCP listener one for HTTP/1.1 and HTTP/2 over TLS. */
export function overTls(): Pick<
  envoy.config.listener.v3.IFilterChain,
  "transportSocket" | "transportSocketConnectTimeout"
> {
  return {
    transportSocket: extension(
      "envoy.transport_sockets.tls",
      DownstreamTlsContext,
      tlsContext(["h2", "http/1.1"]),
    ),
    // A client that never ends its handshake must not keep a connection.
    transportSocketConnectTimeout: { seconds: 15 },
  };
}
