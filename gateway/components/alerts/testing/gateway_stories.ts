import { events, level, of, rate, type Story } from "./alert_story.ts";

const gateway = { namespace: "view-gateway" };
const podA = { ...gateway, pod: "a" };

/** Whether the containers of both pods answer. */
const up = (
  values: Partial<Record<"a sidecar" | "b sidecar" | "a envoy" | "b envoy", ReturnType<typeof level>>> = {},
) =>
  Object.fromEntries(
    (["a sidecar", "b sidecar", "a envoy", "b envoy"] as const).map((which) => {
      const [pod, container] = which.split(" ");
      return [of("up", {}, pod, container), values[which] ?? level(1, 1)];
    }),
  );

const ready = (a: ReturnType<typeof level>, b: ReturnType<typeof level> = level(1, 1)) => ({
  [of("view_gateway_ready")]: a,
  [of("view_gateway_ready", {}, "b")]: b,
});

const held = (name: string, limit: number) => (calm: number, fault: number) => ({
  [of(`view_gateway_${name}`)]: level(calm, fault),
  [of(`view_gateway_${name}_limit`)]: level(limit, limit),
});
const requests = held("gate_held", 5_000);
const bytes = held("gate_body_bytes", 1_000);
const outcomes = (outcome: string) => of("view_gateway_gate_outcomes_total", { outcome });
const envoy = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  of(`envoy_${name}`, labels, "a", "envoy");
const overloaded = envoy("http_downstream_rq_overload_close", { envoy_http_conn_manager_prefix: "public" });
const overflow = envoy("listener_downstream_global_cx_overflow", { envoy_listener_address: "0.0.0.0_8080" });
const pressure = envoy("overload_envoy_resource_monitors_cgroup_memory_pressure");

/** About the gateway itself, by the alert's name and severity. */
export const GATEWAY_STORIES: Readonly<Record<string, readonly Story[]>> = {
  "ViewGatewayDown page": [
    {
      what: "no sidecar is ready",
      series: { ...up(), ...ready(level(1, 0), level(1, 0)) },
      fires: {
        from: 2,
        to: 60,
        labels: [{ ...gateway, container: "sidecar" }],
        says: "Not one container sidecar of the gateways in namespace view-gateway answers and is ready.",
      },
    },
    {
      what: "no Envoy answers",
      series: { ...up({ "a envoy": level(1, 0), "b envoy": level(1, 0) }), ...ready(level(1, 1)) },
      fires: { from: 2, to: 60, labels: [{ ...gateway, container: "envoy" }] },
    },
    {
      what: "no sidecar answers, so that its readiness is missing",
      series: {
        ...up({ "a sidecar": level(1, 0), "b sidecar": level(1, 0) }),
        ...ready(level(1, undefined), level(1, undefined)),
      },
      // Prometheus looks back 5 minutes for a series that is missing in made-up values. In a real scrape it ends at once.
      fires: { from: 7, to: 60, labels: [{ ...gateway, container: "sidecar" }] },
    },
    {
      what: "there is no pod",
      series: {
        [of("up", {}, "a", "sidecar")]: level(1, undefined),
        [of("up", {}, "a", "envoy")]: level(1, undefined),
      },
      fires: { from: 7, to: 60, labels: ["sidecar", "envoy"].map((container) => ({ job: "view-gateway", container })) },
    },
    {
      what: "there is no Envoy",
      series: { [of("up")]: level(1, 1), [of("up", {}, "a", "envoy")]: level(1, undefined) },
      fires: {
        from: 7,
        to: 60,
        labels: [{ job: "view-gateway", container: "envoy" }],
        says: "Not one container envoy of the gateways answers and is ready.",
      },
    },
    {
      what: "one of two pods does not serve",
      series: { ...up({ "a envoy": level(1, 0) }), ...ready(level(1, 0)) },
    },
    { what: "no sidecar is ready for a minute", series: { ...up(), ...ready(level(1, 0, 1), level(1, 0, 1)) } },
  ],
  "ViewGatewayNotReady warning": [
    {
      what: "one sidecar is not ready",
      series: { ...up(), ...ready(level(1, 0)) },
      fires: { from: 10, to: 60, labels: [{ ...podA, container: "sidecar" }] },
    },
    {
      what: "one Envoy does not answer",
      series: { ...up({ "a envoy": level(1, 0) }), ...ready(level(1, 1)) },
      fires: { from: 10, to: 60, labels: [{ ...podA, container: "envoy" }] },
    },
    {
      what: "one Envoy has lost its sidecar",
      series: { ...up(), [of("envoy_control_plane_connected_state", {}, "a", "envoy")]: level(1, 0) },
      fires: { from: 10, to: 60, labels: [{ ...podA, container: "envoy" }] },
    },
    { what: "a pod needs 9 minutes to start", series: { ...up(), ...ready(level(1, 0, 9)) } },
  ],
  "ViewGatewayWatchStale page": [
    {
      what: "a watch is silent for 91 s",
      series: { [of("view_gateway_watch_age_seconds", { resource: "pods" })]: level(30, 91) },
      fires: {
        from: 2,
        to: 60,
        labels: [podA],
        says: "A watch of pod view-gateway/a has heard nothing for 1m 31s.",
      },
    },
    {
      what: "silent for 90 s",
      series: { [of("view_gateway_watch_age_seconds", { resource: "pods" })]: level(30, 90) },
    },
    { what: "Events are", series: { [of("view_gateway_watch_age_seconds", { resource: "events" })]: level(30, 900) } },
  ],
  "ViewGatewayEnvoyRefusesConfiguration warning": [
    {
      what: "Envoy refuses a resource",
      series: { [of("view_gateway_xds_refused_resources", { type: "Cluster" })]: level(0, 1) },
      fires: { from: 2, to: 60, labels: [{ ...podA, type: "Cluster" }] },
    },
    {
      what: "Envoy takes it within a minute",
      series: { [of("view_gateway_xds_refused_resources", { type: "Cluster" })]: level(0, 1, 1) },
    },
  ],
  "ViewGatewayObjectUnusable warning": [
    {
      what: "the grants are broken",
      series: { [of("view_gateway_unusable_objects", { object: "grants" })]: level(0, 1) },
      fires: { from: 5, to: 60, labels: [{ ...gateway, object: "grants" }] },
    },
    {
      what: "somebody mends them in 4 minutes",
      series: { [of("view_gateway_unusable_objects", { object: "grants" })]: level(0, 1, 4) },
    },
  ],
  "ViewGatewayManyHeld warning": [
    { what: "4,001 of 5,000 may wait", series: requests(10, 4_001), fires: { from: 2, to: 60, labels: [podA] } },
    { what: "4,000 do", series: requests(10, 4_000) },
  ],
  "ViewGatewayManyBytesHeld warning": [
    { what: "bodies take 801 of 1,000 bytes", series: bytes(10, 801), fires: { from: 2, to: 60, labels: [podA] } },
    { what: "they take 800", series: bytes(10, 800) },
  ],
  "ViewGatewayGateFaults warning": [
    {
      what: "the gateway fails at one request",
      series: { [outcomes("fault")]: events(1), [outcomes("pass")]: rate(100, 100) },
      fires: { from: 1, to: 16, labels: [{ ...gateway, outcome: "fault" }] },
    },
    {
      what: "Envoy refuses a view",
      series: { [outcomes("not routed")]: events(1) },
      fires: { from: 1, to: 16, labels: [{ ...gateway, outcome: "not routed" }] },
    },
    { what: "views fail", series: { [outcomes("failed")]: rate(0, 100) } },
  ],
  "ViewGatewayGateFaults page": [
    {
      what: "it fails at six of a hundred requests",
      series: { [outcomes("fault")]: rate(0, 6), [outcomes("pass")]: rate(0, 94) },
      fires: { from: 7, to: 65, labels: [gateway] },
    },
    {
      what: "Envoy refuses the views of six of a hundred requests",
      series: { [outcomes("not routed")]: rate(0, 6), [outcomes("pass")]: rate(0, 94) },
      fires: { from: 7, to: 65, labels: [gateway] },
    },
    { what: "at five", series: { [outcomes("fault")]: rate(0, 5), [outcomes("pass")]: rate(0, 95) } },
    { what: "at one alone", series: { [outcomes("fault")]: events(1), [outcomes("pass")]: rate(0, 0) } },
  ],
  "ViewGatewayEnvoyOverloaded warning": [
    {
      what: "Envoy takes 86 % of its memory",
      series: { [pressure]: level(40, 86) },
      fires: { from: 5, to: 60, labels: [podA] },
    },
    { what: "it takes 85 %", series: { [pressure]: level(40, 85) } },
    { what: "it takes 99 % for 4 minutes", series: { [pressure]: level(40, 99, 4) } },
  ],
  "ViewGatewayEnvoyOverloaded page": [
    {
      what: "Envoy refuses requests",
      series: { [overloaded]: rate(0, 1), [overflow]: rate(0, 0) },
      fires: { from: 7, to: 65, labels: [podA] },
    },
    {
      what: "Envoy refuses connections",
      series: { [overloaded]: rate(0, 0), [overflow]: rate(0, 1) },
      fires: { from: 7, to: 65, labels: [podA] },
    },
    { what: "Envoy refuses one request", series: { [overloaded]: events(1), [overflow]: rate(0, 0) } },
  ],
};
