/**
 * Envoy's clusters that are no view's. A view's cluster has the view's name, an RFC 1035 label; the underscore keeps
 * these apart from every view. gateway/base/envoy.yaml defines them.
 */
export const GATE_CLUSTER = "gate_listener";
export const AUTHORIZATION_CLUSTER = "sidecar_authz";
export const EXT_PROC_CLUSTER = "sidecar_ext_proc";
export const SIDECAR_CLUSTER = "sidecar_http";

/** S3. It comes over CDS: where it is, the sidecar's configuration says. */
export const LAKE_CLUSTER = "lake_s3";

/** Envoy's own listener for requests for the lake that the sidecar could not be asked about; over CDS, as it is. */
export const LAKE_LISTENER_CLUSTER = "lake_listener";

/** The gate again, for requests with bodies, by what Envoy reads of them; over CDS, as their limits are configured. */
export const SMALL_BODIES_CLUSTER = "gate_small_bodies";
export const LARGE_BODIES_CLUSTER = "gate_large_bodies";
export const PART_BODIES_CLUSTER = "gate_part_bodies";

/** Whatever pod a probe names; over CDS, as its listener is the sidecar's to define. */
export const START_PROBES_CLUSTER = "start_probes";

/** The listeners, and the route configuration of each. */
export const PUBLIC = "public";
export const GATE = "gate";
export const LAKE = "lake";

/** The listener through which the sidecar probes pods that start. */
export const START_PROBES = "start_probes";

/** Request header of a probe: the address and port that it is for. Envoy's own name for it. */
export const PROBED_ADDRESS_HEADER = "x-envoy-original-dst-host";

/** Request header of a look for a bucket: the hostname of the view that it is for. */
export const BUCKET_PROBE_HOST_HEADER = "x-lake-host";

/** Response header, with the gate's token as its value: nobody has seen this request, try again. */
export const UNAVAILABLE_HEADER = "x-gate-unavailable";

/**
 * Dynamic metadata of a request for the lake: `view` is the view that the sidecar has signed it for, `head` says whether it
 * is a HEAD, and `s3` whether errors have S3's form. Where the sidecar answers it itself, `answered` is the content type.
 */
export const LAKE_METADATA = "view_gateway.lake";

/** Request header: how often a request has passed the gate. A client cannot set it. */
export const PASS_HEADER = "x-gate-pass";

/** Header of a Check: what the request's headers announce of its body, as `LENGTH TRANSFER-ENCODING`. */
export const BODY_HEADER = "x-gate-body";

/**
 * Request header: why the gate does not let a request pass, after the gate's token and a dot. Who knows no token cannot
 * make a request that is taken for a denied one.
 */
export const DENIAL_HEADER = "x-gate-denial";

/** What is below this is the lake's, on a view's own hostname. */
export const LAKE_PREFIX = "/_lake/";

/**
 * The path of a request for the lake begins so once the sidecar has signed it, until Envoy sends the rest of it to S3. Who
 * does not know the gate's token cannot make a request that is taken for a signed one.
 */
export function signedPrefix(gateToken: string): string {
  return `${LAKE_PREFIX}.${gateToken}/`;
}
