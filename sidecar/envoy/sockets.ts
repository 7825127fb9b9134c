/**
 * The unix sockets in the directory that Envoy and the sidecar share. gateway/base/envoy.yaml repeats those that Envoy's
 * bootstrap needs.
 */
export interface Sockets {
  /** The sidecar's: ext_authz. */
  readonly authorization: string;
  /** The sidecar's: xDS, load reports, ext_proc. */
  readonly grpc: string;
  /** The sidecar's: the API and all pages. */
  readonly http: string;
  /** Envoy's own listeners. */
  readonly gate: string;
  readonly lake: string;
  readonly startProbes: string;
  readonly issuer: string;
  readonly traces: string;
}

export function socketsIn(directory: string): Sockets {
  return {
    authorization: `${directory}/sidecar-authz.sock`,
    grpc: `${directory}/sidecar-grpc.sock`,
    http: `${directory}/sidecar-http.sock`,
    gate: `${directory}/gate.sock`,
    lake: `${directory}/lake.sock`,
    startProbes: `${directory}/start-probes.sock`,
    issuer: `${directory}/issuer.sock`,
    traces: `${directory}/traces.sock`,
  };
}
