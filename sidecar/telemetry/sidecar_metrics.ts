/** All metrics of the sidecar, by subject. docs/METRICS.md and the sidecar's registry are made of them. */
import { REASONS } from "../view/reasons.ts";
import {
  ASSIGNMENTS,
  ASSUME_OUTCOMES,
  CLAIMS,
  FIRSTS,
  LAKE_OUTCOMES,
  LAUNCHES,
  PHASES,
  POOL_PROBLEMS,
  POOL_STATES,
  RENEWALS,
  REVIEWS,
  STARTS,
  SUCCEEDED_OR_FAILED,
  TYPES,
  UNUSABLE,
  VERDICTS,
  WATCHES,
} from "./label_values.ts";
import { counter, each, gauge, histogram, type Metric } from "./metric.ts";

const VIEWS = {
  view_gateway_views: gauge("Views, by phase. Each gateway counts all of them.", each("phase", PHASES)),
  view_gateway_running_views_limit: gauge(
    "RUNNING_VIEWS: most views that are starting or awake. Beyond it no view wakes.",
  ),
  view_gateway_existing_views_limit: gauge("EXISTING_VIEWS: most views. Beyond it the API creates none."),
  view_gateway_wake_seconds: histogram(
    "How long wakes took at this gateway: from the first request that waited for the view to the first that passed, by the kind of start. A wake is missing if no request waited to its end, as for a browser that got the waiting page.",
    { ...each("start", STARTS), buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300] },
  ),
  view_gateway_launches_total: counter(
    "Launches, by outcome. `joined`: another gateway was first. `paused`: the last one failed, and the pause before the next is not over. `busy`: a limit is reached. `unavailable`: Kubernetes cannot do its part. `late`: no outcome within 30 s. `fault`: an error of the gateway itself.",
    each("outcome", LAUNCHES),
  ),
  view_gateway_start_failures_total: counter(
    "Starts of this gateway's making that have failed, by Kubernetes' reason. `owner` says who can mend it. `view`: the view's author. `platform`: whoever runs the gateway, its templates and the cluster.",
    { series: Object.entries(REASONS).map(([reason, owner]) => ({ owner, reason })) },
  ),
  view_gateway_probed_starts_total: counter(
    "Starts that this gateway has probed until they served, by who found it first.",
    each("first", FIRSTS),
  ),
  view_gateway_lease_renewals_total: counter(
    "Renewals of views' leases, by outcome. `lost`: another gateway was first.",
    each("outcome", RENEWALS),
  ),
};

const POOLS = {
  view_gateway_pool_pods: gauge(
    "Pods of warm pools that belong to no view, by template and state. Views start cold while `ready` is 0. `ended`: pods that ended while they waited for a view, of the pools that are there now. A template has its series once the gateway has read it.",
    { ...each("state", POOL_STATES), open: ["template"] },
  ),
  view_gateway_pool_problems_total: counter(
    "Problems of warm pools that this gateway has told of. `stopped`: its pods keep ending. `incomplete`: Kubernetes creates or starts too few, such as at a quota. `refused`: Kubernetes refuses its Job.",
    each("problem", POOL_PROBLEMS),
  ),
  view_gateway_claims_total: counter(
    "Claims of pool pods, by outcome. `lost`: the pod has ended, or another view has got it; the launch tries another one. `empty`: the pool had no pod left, so the start was cold. `refused`: Kubernetes forbids it. `unavailable`: Kubernetes cannot do its part.",
    each("outcome", CLAIMS),
  ),
  view_gateway_assignments_total: counter(
    "Assignments of claimed pods to their views, by outcome. `failed`: the pod refused, ended, or did not answer within 3 s, so the start was cold. `no credentials`: the lake gave none. `overtaken`: another gateway was first, or the view was deleted.",
    each("outcome", ASSIGNMENTS),
  ),
};

const GATE = {
  view_gateway_gate_held: gauge("Requests that wait at the gate now."),
  view_gateway_gate_held_limit: gauge("HELD_IN_ALL: most requests that wait. Further ones get 503."),
  view_gateway_gate_body_bytes: gauge(
    "Bytes of Envoy's memory that the bodies of requests which wait at the gate now may take.",
  ),
  view_gateway_gate_body_bytes_limit: gauge("HELD_BYTES_IN_ALL: most of these bytes. Further requests get 503."),
  view_gateway_gate_hold_seconds: histogram("How long requests waited at the gate before they passed.", {
    buckets: [0.005, 0.05, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300],
  }),
  view_gateway_gate_outcomes_total: counter(
    "Requests that the gate has answered, by outcome. `handed back`: Envoy asks again. `waiting`: a browser got the page of the start. No user causes `not routed` (Envoy refuses the view) or `fault` (an error of the gateway itself).",
    each("outcome", VERDICTS),
  ),
  view_gateway_open_pages: gauge(
    "Pages of views' starts that are open now, and requests of the API that wait for a start.",
  ),
  view_gateway_open_pages_limit: gauge("Most such pages and requests. Further ones get 503."),
};

const ACCESS = {
  view_gateway_token_reviews_total: counter(
    "TokenReviews of bearer tokens, by where the answer came from. `cached`: a recent answer counted. `stale`: Kubernetes did not answer, and an older answer counted. `failed`: Kubernetes did not answer, and the request got 503.",
    each("outcome", REVIEWS),
  ),
  view_gateway_access_reviews_total: counter(
    "Access reviews by RBAC. The outcomes are those of TokenReviews.",
    each("outcome", REVIEWS),
  ),
  view_gateway_issuer_asked_total: counter(
    "Requests for the discovery document of the issuer of sign-ins: about each hour, when somebody signs in, and again and again while it fails.",
    each("outcome", SUCCEEDED_OR_FAILED),
  ),
};

const LAKE = {
  view_gateway_assume_role_total: counter(
    "AssumeRoles for views' credentials, by outcome. `refused`: the view's author has to mend it, as where a view has too many subsets.",
    each("outcome", ASSUME_OUTCOMES),
  ),
  view_gateway_lake_requests_total: counter(
    "Requests below /_lake/ that the sidecar has decided, by outcome. Envoy repeats signatures without it.",
    each("outcome", LAKE_OUTCOMES),
  ),
};

const CONTROL = {
  view_gateway_ready: gauge("Whether the gateway is ready, as `/readyz` says: 1 or 0."),
  view_gateway_watch_age_seconds: gauge(
    "Seconds since a watch of Kubernetes last heard of the API server, or since the start if it never did. A healthy one says something within 70 s.",
    each("resource", WATCHES),
  ),
  view_gateway_unusable_objects: gauge(
    "Objects in Kubernetes that the gateway cannot use now; the log says why. `templates`: workload templates that are broken, or missing. `grants`: the ConfigMap of grants; nobody gets new subsets. `session keys`: the Secret of keys; gateways go on with those that they know.",
    each("object", UNUSABLE),
  ),
  view_gateway_xds_updates_total: counter("Resources sent to Envoy, by type.", each("type", TYPES)),
  view_gateway_xds_acks_total: counter("Resources that Envoy has ACKed, by type.", each("type", TYPES)),
  view_gateway_xds_nacks_total: counter("Resources that Envoy has NACKed, by type.", each("type", TYPES)),
  view_gateway_xds_refused_resources: gauge(
    "Resources that Envoy refuses now, by type. `/readyz` has their names and Envoy's words.",
    each("type", TYPES),
  ),
};

const TLS = {
  view_gateway_certificate_seconds: gauge("Seconds until the certificate expires that Envoy shows to clients.", {
    only: "TLS_DIRECTORY",
  }),
  view_gateway_certificate_problems: gauge(
    "What is wrong with the files in TLS_DIRECTORY now, counted. The log has the words.",
    { only: "TLS_DIRECTORY" },
  ),
};

const TRACES = {
  view_gateway_traces_dropped_total: counter("Spans of the sidecar that the collector of traces has not got."),
};

const PROCESS = {
  view_gateway_build_info: gauge("The version of the gateway. Always 1.", { series: [], open: ["version"] }),
  process_start_time_seconds: gauge("When the sidecar was started, in seconds since 1970."),
  process_cpu_seconds_total: counter("Processor time that the sidecar has taken."),
  process_resident_memory_bytes: gauge("Resident memory of the sidecar."),
};

export const SIDECAR_METRICS = {
  ...VIEWS,
  ...POOLS,
  ...GATE,
  ...ACCESS,
  ...LAKE,
  ...CONTROL,
  ...TLS,
  ...TRACES,
  ...PROCESS,
} satisfies Readonly<Record<string, Metric>>;

/** The same, by subject. */
export const SIDECAR_SUBJECTS: Readonly<Record<string, Readonly<Record<string, Metric>>>> = {
  "Views and their starts": VIEWS,
  "Warm pools": POOLS,
  "The gate": GATE,
  "Sign-in and rights": ACCESS,
  "The lake": LAKE,
  "Kubernetes and Envoy": CONTROL,
  TLS,
  Traces: TRACES,
  "The process": PROCESS,
};
