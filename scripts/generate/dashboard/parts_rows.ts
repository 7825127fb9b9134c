/** Rows about the parts of the gateway, and what they depend on. */
import { type DashboardQuery, type DashboardRow, rateOf, ratesBy, seriesOf, sumBy } from "./panel.ts";

/** Other programs in the namespace may have metrics of the same names. */
const SIDECAR = 'container="sidecar"';

/** Of Envoy's overload manager. */
const MONITORS = '__name__=~"envoy_overload_envoy_resource_monitors_.+_pressure"';

/** What is used of a limit, at the gateway that is nearest to it. */
const usedOf = (metric: string, limit: string, legend: string): DashboardQuery => ({
  expr: `max(${seriesOf(metric)} / ${seriesOf(limit)})`,
  legend,
});

const LIMITS: DashboardRow = {
  question: "How near are the limits?",
  panels: [
    {
      title: "Limits in use",
      description: "At 100 %, clients get 503. The gateway that is nearest to its limit counts.",
      unit: "percentunit",
      queries: [
        usedOf("view_gateway_gate_held", "view_gateway_gate_held_limit", "HELD_IN_ALL"),
        usedOf("view_gateway_gate_body_bytes", "view_gateway_gate_body_bytes_limit", "HELD_BYTES_IN_ALL"),
        usedOf("view_gateway_open_pages", "view_gateway_open_pages_limit", "pages that wait"),
        {
          expr: `max(sum by (pod) (${seriesOf("view_gateway_views", 'phase=~"starting|awake"')}) / sum by (pod) (${
            seriesOf("view_gateway_running_views_limit")
          }))`,
          legend: "RUNNING_VIEWS",
        },
        {
          expr: `max(sum by (pod) (${seriesOf("view_gateway_views")}) / sum by (pod) (${
            seriesOf("view_gateway_existing_views_limit")
          }))`,
          legend: "EXISTING_VIEWS",
        },
      ],
    },
    {
      title: "Memory",
      description: "Of each sidecar, and what Envoy has allocated.",
      unit: "bytes",
      queries: [
        {
          expr: sumBy("pod", seriesOf("process_resident_memory_bytes", SIDECAR)),
          legend: "sidecar of {{pod}}",
        },
        { expr: sumBy("pod", seriesOf("envoy_server_memory_allocated")), legend: "Envoy of {{pod}}" },
      ],
    },
    {
      title: "Processor",
      description: "Cores that each sidecar takes.",
      unit: "short",
      queries: [{ expr: sumBy("pod", rateOf("process_cpu_seconds_total", SIDECAR)), legend: "{{pod}}" }],
    },
    {
      title: "Time since the start",
      description: "Of each sidecar. It falls back to 0 where one has crashed.",
      unit: "s",
      queries: [{
        expr: `time() - max by (pod) (${seriesOf("process_start_time_seconds", SIDECAR)})`,
        legend: "{{pod}}",
      }],
    },
  ],
};

const OTHERS: DashboardRow = {
  question: "Do Kubernetes, the issuer and the lake answer?",
  panels: [
    {
      title: "Age of watches",
      description: "Seconds since Kubernetes last said something. A healthy watch hears something within 70 s.",
      unit: "s",
      queries: [{
        expr: `max by (resource) (${seriesOf("view_gateway_watch_age_seconds")})`,
        legend: "{{resource}}",
      }],
    },
    {
      title: "Unusable objects",
      description: "Templates, grants and session keys in Kubernetes that the gateway cannot use. The log says why.",
      unit: "short",
      queries: [{ expr: `max by (object) (${seriesOf("view_gateway_unusable_objects")})`, legend: "{{object}}" }],
    },
    {
      title: "Reviews",
      description: "Questions to Kubernetes who somebody is, and what they may do.",
      unit: "ops",
      queries: [
        {
          expr: sumBy("outcome", rateOf("view_gateway_token_reviews_total")),
          legend: "token: {{outcome}}",
        },
        { expr: sumBy("outcome", rateOf("view_gateway_access_reviews_total")), legend: "access: {{outcome}}" },
      ],
    },
    {
      title: "Questions to the issuer",
      description: "While these fail, nobody can sign in.",
      unit: "ops",
      queries: [ratesBy("view_gateway_issuer_asked_total", "outcome")],
    },
    {
      title: "AssumeRole",
      description: "Calls of STS for views' credentials.",
      unit: "ops",
      queries: [ratesBy("view_gateway_assume_role_total", "outcome")],
    },
    {
      title: "Lake requests",
      description: "Requests below /_lake/.",
      unit: "reqps",
      queries: [ratesBy("view_gateway_lake_requests_total", "outcome")],
    },
    {
      title: "Lease renewals",
      description: "Without them, views end that people use.",
      unit: "ops",
      queries: [ratesBy("view_gateway_lease_renewals_total", "outcome")],
    },
    {
      title: "Lost spans",
      description: "Spans of traces that the collector has not got.",
      unit: "ops",
      queries: [{ expr: `sum(${rateOf("view_gateway_traces_dropped_total")})`, legend: "spans" }],
    },
  ],
};

const ENVOY: DashboardRow = {
  question: "Does Envoy take its configuration?",
  panels: [
    {
      title: "Resources",
      description: "Sent to Envoy, ACKed and NACKed.",
      unit: "ops",
      queries: ["updates", "acks", "nacks"].map((what) => ({
        expr: `sum(${rateOf(`view_gateway_xds_${what}_total`)})`,
        legend: what,
      })),
    },
    {
      title: "Clusters",
      description: "Envoy has one for each view that is awake, and some of its own.",
      unit: "short",
      queries: [{ expr: sumBy("pod", seriesOf("envoy_cluster_manager_active_clusters")), legend: "{{pod}}" }],
    },
    {
      title: "Resources that Envoy refuses",
      description: "By type, at the gateway with the most. /readyz has their names and Envoy's words.",
      unit: "short",
      queries: [{ expr: `max by (type) (${seriesOf("view_gateway_xds_refused_resources")})`, legend: "{{type}}" }],
    },
    {
      title: "Pressure",
      description: "How much Envoy uses of its memory and of its connections, in percent of what it may.",
      unit: "none",
      queries: [{ expr: `max by (__name__) (${seriesOf("", MONITORS)})`, legend: "{{__name__}}" }],
    },
    {
      title: "Days until the certificate expires",
      description: "Only where Envoy terminates TLS.",
      kind: "stat",
      unit: "none",
      queries: [{ expr: `min(${seriesOf("view_gateway_certificate_seconds")}) / 86400`, legend: "days" }],
    },
    {
      title: "Problems of the certificate",
      description: "Only where Envoy terminates TLS. The sidecar's log has the words.",
      kind: "stat",
      unit: "none",
      queries: [{ expr: `max(${seriesOf("view_gateway_certificate_problems")})`, legend: "problems" }],
    },
  ],
};

const POOLS: DashboardRow = {
  question: "Are the warm pools full?",
  panels: [
    {
      title: "Pods of pools",
      description: "Views of a template start cold while none is ready.",
      unit: "short",
      queries: [{
        expr: `max by (template, state) (${seriesOf("view_gateway_pool_pods")})`,
        legend: "{{template}}: {{state}}",
      }],
    },
    {
      title: "Claims",
      description: "Claims of pool pods by views.",
      unit: "ops",
      queries: [ratesBy("view_gateway_claims_total", "outcome")],
    },
    {
      title: "Assignments",
      description: "Whether claimed pods take their views.",
      unit: "ops",
      queries: [ratesBy("view_gateway_assignments_total", "outcome")],
    },
    {
      title: "Problems of pools",
      description: "An Event of the pool's Job has the words.",
      unit: "ops",
      queries: [ratesBy("view_gateway_pool_problems_total", "problem")],
    },
  ],
};

export const PARTS_ROWS: readonly DashboardRow[] = [LIMITS, OTHERS, ENVOY, POOLS];
