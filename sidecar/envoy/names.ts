/**
 * Envoy's clusters that are no view's. A view's cluster has the view's name, an RFC 1035 label; the underscore keeps
 * these apart from every view. gateway/base/envoy.yaml defines them.
 */
export const GATE_CLUSTER = "gate_listener";
export const AUTHORIZATION_CLUSTER = "sidecar_authz";
export const EXT_PROC_CLUSTER = "sidecar_ext_proc";
export const SIDECAR_CLUSTER = "sidecar_http";

/** S3. The only one of these that comes over CDS: where it is, the sidecar's configuration says. */
export const LAKE_CLUSTER = "lake_s3";

/** The listeners, and the route configuration of each. */
export const PUBLIC = "public";
export const GATE = "gate";

/** Response header, with the gate's token as its value: nobody has seen this request, try again. */
export const UNAVAILABLE_HEADER = "x-gate-unavailable";

/** Dynamic metadata: `answered` is true where the sidecar answers a request for the lake itself. */
export const LAKE_METADATA = "view_gateway.lake";

/** Request header: how often a request has passed the gate. A client cannot set it. */
export const PASS_HEADER = "x-gate-pass";

/** The gate listener's socket. */
export function gateSocket(socketDirectory: string): string {
  return `${socketDirectory}/gate.sock`;
}
