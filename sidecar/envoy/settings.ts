import type { Config } from "@view-gateway/types";

/** S3, as Envoy reaches it. */
export interface LakeUpstream {
  /** A URL without a path. */
  readonly endpoint: string;
  /** Envoy checks S3's certificate against the certificates in this file. */
  readonly caFile: string;
}

/** The issuer of sign-ins, as Envoy reaches it. */
export interface IssuerUpstream {
  readonly url: string;
  /** `HOST:PORT`, where that is not what the URL says. */
  readonly address?: string | undefined;
  /** Envoy checks the certificates of the issuer and its endpoints against the certificates in this file. */
  readonly caFile: string;
}

/** The collector of traces, as Envoy reaches it. */
export interface TracesUpstream {
  /** A URL without a path. */
  readonly endpoint: string;
  /** Envoy checks the collector's certificate against the certificates in this file. */
  readonly caFile: string;
  /** Name of the gateway's own pod; empty outside a pod. */
  readonly instance: string;
}

/** How Envoy terminates TLS. */
export interface TlsSettings {
  /** The directory of a mounted Secret: `tls.crt` and `tls.key`. */
  readonly directory: string;
  /** Of the TLS listener, and for HTTP/3 of the QUIC listener. */
  readonly listenPort: number;
  /** The port that clients use. */
  readonly publicPort: number;
  readonly hstsSeconds: number;
  /** Undefined where there is no HTTP/3. `connections` is the most at a time. */
  readonly http3?: { readonly connections: number } | undefined;
}

/** The settings that Envoy's configuration depends on, beside the views. */
export interface EnvoySettings extends
  Pick<
    Config,
    | "accessLog"
    | "authentication"
    | "baseHost"
    | "contact"
    | "heldBytesInAll"
    | "holdSeconds"
    | "listenAddress"
    | "listenPort"
    | "probeMethod"
    | "probePath"
    | "probeUserAgent"
    | "requestBodyBufferLimitBytes"
    | "sessionSeconds"
    | "socketDirectory"
    | "xffNumTrustedHops"
  > {
  /** The secret value of `x-gate-unavailable`: a client that knows it can make the gateway repeat a request. */
  readonly gateToken: string;
  /** S3; undefined where no lake is configured. */
  readonly lake?: LakeUpstream | undefined;
  /** Undefined where nobody signs in at an issuer. */
  readonly issuer?: IssuerUpstream | undefined;
  /** Undefined where nothing is traced. */
  readonly traces?: TracesUpstream | undefined;
  /** Undefined where Envoy speaks plain HTTP. */
  readonly tls?: TlsSettings | undefined;
}
