/** Rows about what people notice. */
import { type DashboardRow, quantilesOf, rateOf, ratesBy, seriesOf, sumBy } from "./panel.ts";

const OF_CLIENTS = 'envoy_http_conn_manager_prefix="public"';

const REACHABLE: DashboardRow = {
  question: "Are views reachable?",
  panels: [
    {
      title: "Gateways that answer",
      description: "Prometheus reads the metrics of both containers of a gateway.",
      kind: "stat",
      unit: "none",
      queries: [
        { expr: `sum(${seriesOf("up", 'container="sidecar"')})`, legend: "sidecars" },
        { expr: `sum(${seriesOf("up", 'container="envoy"')})`, legend: "Envoys" },
      ],
    },
    {
      title: "Gateways that are ready",
      description: "What each sidecar says of itself at /readyz, with the cause.",
      kind: "stat",
      unit: "none",
      queries: [{ expr: `sum(${seriesOf("view_gateway_ready")})`, legend: "ready" }],
    },
    {
      title: "Versions",
      description: "During an upgrade there are two.",
      kind: "stat",
      unit: "none",
      queries: [{ expr: sumBy("version", seriesOf("view_gateway_build_info")), legend: "{{version}}" }],
    },
    {
      title: "Views by phase",
      description: "Each gateway counts all views, so this is the highest count.",
      unit: "short",
      queries: [{ expr: `max by (phase) (${seriesOf("view_gateway_views")})`, legend: "{{phase}}" }],
    },
    {
      title: "Answers to clients",
      description: "By class of status: views' own answers and the gateway's.",
      unit: "reqps",
      queries: [{
        expr: sumBy("envoy_response_code_class", rateOf("envoy_http_downstream_rq_xx", OF_CLIENTS)),
        legend: "{{envoy_response_code_class}}xx",
      }],
    },
    {
      title: "Requests at the gate",
      description: "Requests whose view was not awake, or whose client Envoy did not know, by outcome.",
      unit: "reqps",
      queries: [ratesBy("view_gateway_gate_outcomes_total", "outcome")],
    },
    {
      title: "Open connections of clients",
      description: "By gateway.",
      unit: "short",
      queries: [{
        expr: sumBy("pod", seriesOf("envoy_http_downstream_cx_active", OF_CLIENTS)),
        legend: "{{pod}}",
      }],
    },
  ],
};

const WAKES: DashboardRow = {
  question: "How long do wakes take?",
  panels: [
    {
      title: "Cold wakes",
      description: "From the first request that waited for a view to the first that passed. The view got a new pod.",
      unit: "s",
      queries: quantilesOf("view_gateway_wake_seconds", 'start="cold"'),
    },
    {
      title: "Warm wakes",
      description: "The view got a pod of a warm pool.",
      unit: "s",
      queries: quantilesOf("view_gateway_wake_seconds", 'start="warm"'),
    },
    {
      title: "Wakes",
      description: "By start. Who waits at the page of the start is not counted.",
      unit: "ops",
      queries: [ratesBy("view_gateway_wake_seconds_count", "start")],
    },
    {
      title: "Wait of requests",
      description: "How long requests waited at the gate before they passed.",
      unit: "s",
      queries: quantilesOf("view_gateway_gate_hold_seconds"),
    },
    {
      title: "Probed starts",
      description: "Who found first that a view serves.",
      unit: "ops",
      queries: [ratesBy("view_gateway_probed_starts_total", "first")],
    },
  ],
};

const FAILURES: DashboardRow = {
  question: "Why do starts fail?",
  panels: [
    {
      title: "The platform's failures",
      description: "Images, quotas, nodes, AWS: whoever runs the gateway mends these. By Kubernetes' reason.",
      unit: "ops",
      queries: [
        ratesBy(
          "view_gateway_start_failures_total",
          "reason",
          'owner="platform"',
        ),
      ],
    },
    {
      title: "The views' failures",
      description: "Their authors mend these. By Kubernetes' reason.",
      unit: "ops",
      queries: [
        ratesBy("view_gateway_start_failures_total", "reason", 'owner="view"'),
      ],
    },
    {
      title: "Launches",
      description: "By outcome.",
      unit: "ops",
      queries: [ratesBy("view_gateway_launches_total", "outcome")],
    },
  ],
};

const WAITING: DashboardRow = {
  question: "Who waits?",
  panels: [
    {
      title: "Requests that wait",
      description: "By gateway.",
      unit: "short",
      queries: [{ expr: sumBy("pod", seriesOf("view_gateway_gate_held")), legend: "{{pod}}" }],
    },
    {
      title: "Bodies of requests that wait",
      description: "Envoy's memory that they may take, by gateway.",
      unit: "bytes",
      queries: [{ expr: sumBy("pod", seriesOf("view_gateway_gate_body_bytes")), legend: "{{pod}}" }],
    },
    {
      title: "Pages that wait",
      description: "Pages of views' starts, and requests of the API that wait for a start, by gateway.",
      unit: "short",
      queries: [{ expr: sumBy("pod", seriesOf("view_gateway_open_pages")), legend: "{{pod}}" }],
    },
  ],
};

export const PEOPLE_ROWS: readonly DashboardRow[] = [REACHABLE, WAKES, FAILURES, WAITING];
