/**
 * Envoy's clusters that belong to no view. A view's cluster has the view's name, an RFC 1035 label, and so no underscore.
 * gateway/base/envoy.yaml defines these.
 */
export const GATE_CLUSTER = "gate_listener";
export const AUTHORIZATION_CLUSTER = "sidecar_authz";
export const EXT_PROC_CLUSTER = "sidecar_ext_proc";
export const SIDECAR_CLUSTER = "sidecar_http";

/** S3. It comes over CDS, because the sidecar's configuration names its endpoint. */
export const LAKE_CLUSTER = "lake_s3";

/** The lake's own listener, for requests while the sidecar does not answer. It comes over CDS. */
export const LAKE_LISTENER_CLUSTER = "lake_listener";

/** The gate's listener, for each kind of body. They come over CDS, because their limits are configured. */
export const SMALL_BODIES_CLUSTER = "gate_small_bodies";
export const LARGE_BODIES_CLUSTER = "gate_large_bodies";
export const PART_BODIES_CLUSTER = "gate_part_bodies";

/** The pod that a probe names. It comes over CDS, as its listener comes over LDS. */
export const START_PROBES_CLUSTER = "start_probes";

/** The listeners, and the route configuration of each. */
export const PUBLIC = "public";
export const GATE = "gate";
export const LAKE = "lake";

/** The listener for HTTP/3, which has the routes of the public listener. */
export const PUBLIC_QUIC = "public_quic";

/** The listener that redirects plain HTTP to the public listener, and its route configuration. */
export const REDIRECT = "redirect";

/** The certificate that Envoy shows to clients. */
export const CERTIFICATE = "certificate";

/** The listener through which the sidecar probes pods that start. */
export const START_PROBES = "start_probes";

/** The listener through which the sidecar sends its spans, and its routes. */
export const TRACES = "traces";

/** The collector of traces. It comes over CDS, because the sidecar's configuration names it. */
export const TRACES_CLUSTER = "otlp_traces";

/** Request header of a probe, or of an assignment: the pod's address and port. The name is Envoy's own. */
export const PROBED_ADDRESS_HEADER = "x-envoy-original-dst-host";

/** The listener through which the sidecar speaks to the issuer of sign-ins, and its routes. Its clusters begin so too. */
export const ISSUER = "issuer";

/** Header of a request to the issuer: the origin that it is for. */
export const ISSUER_ORIGIN_HEADER = "x-issuer-origin";

/** Header of an answer to it that is Envoy's own: response flags, and what has failed below HTTP. */
export const ISSUER_FAILURE_HEADER = "x-issuer-failure";

/** Request header of a bucket's probe: the hostname of the view. */
export const BUCKET_PROBE_HOST_HEADER = "x-lake-host";

/** Response header with the gate's token as its value: the request has reached nobody, so retry it. */
export const UNAVAILABLE_HEADER = "x-gate-unavailable";

/**
 * Dynamic metadata of a request for the lake. `view` is the view that the sidecar has signed it for, `head` whether it is a
 * HEAD, and `s3` whether errors have S3's form. `keep` is the signature, where Envoy may keep it. `answered` is the content
 * type of the sidecar's own answer.
 */
export const LAKE_METADATA = "view_gateway.lake";

/** Request header: how often a request has passed the gate. A client cannot set it. */
export const PASS_HEADER = "x-gate-pass";

/** Header of a Check: `LENGTH TRANSFER-ENCODING` of the request's body, from its headers. */
export const BODY_HEADER = "x-gate-body";

/**
 * Request header: the gate's token, a dot, and why the gate denies the request. Without the token, a client cannot forge a
 * denied request.
 */
export const DENIAL_HEADER = "x-gate-denial";

/** Request header: the view that the request may open, as Envoy has read it from a good cookie. A client cannot set it. */
export const VIEW_HEADER = "x-view";

/** Request headers that tell a view who the user is. A client cannot set them. */
export const USER_HEADER = "x-forwarded-user";
export const EMAIL_HEADER = "x-forwarded-email";
/** With commas between the groups. */
export const GROUPS_HEADER = "x-forwarded-groups";
export const IDENTITY_HEADERS: readonly string[] = [USER_HEADER, EMAIL_HEADER, GROUPS_HEADER];

/** The cookies that the gateway sets on a view's host: the session, and the nonce of a sign-in that has begun. */
export const VIEW_COOKIE = "__Host-view";
export const NONCE_COOKIE = "__Host-nonce";

/** The prefix of the gateway's own paths on a view's hostname. A pod is told its view below it, where no client comes. */
export const GATE_PREFIX = "/_gate/";

/** The prefix of the lake's paths on a view's hostname. */
export const LAKE_PREFIX = "/_lake/";

/**
 * The path of a signed request begins with this; Envoy sends the rest of it to S3. Without the gate's token, a client
 * cannot forge a signed request.
 */
export function signedPrefix(gateToken: string): string {
  return `${LAKE_PREFIX}.${gateToken}/`;
}
