/** Envoy's own metrics that the alerts and the dashboard use, by their names in Prometheus' format. */
import { counter, each, gauge, histogram, type Metric } from "./metric.ts";

/** Envoy's listeners for clients, for requests that wait, and for reads of the lake. */
const LISTENERS = ["public", "gate", "lake"];

const CLASSES = ["1", "2", "3", "4", "5"];

export const ENVOY_METRICS: Readonly<Record<string, Metric>> = {
  envoy_server_live: gauge("Whether Envoy serves and does not drain: 1 or 0."),
  envoy_server_uptime: gauge("Seconds since Envoy was started."),
  envoy_server_memory_physical_size: gauge("Bytes of memory that Envoy takes."),
  envoy_control_plane_connected_state: gauge("Whether Envoy is connected to its sidecar: 1 or 0."),
  envoy_cluster_manager_active_clusters: gauge(
    "Clusters that Envoy has: its own, and one for each view that is awake.",
  ),
  envoy_http_downstream_rq_total: counter(
    "Requests, by listener. `public`: those of clients. `gate`: those for views that are not awake. `lake`: those below /_lake/, where there is a lake.",
    each("envoy_http_conn_manager_prefix", LISTENERS),
  ),
  envoy_http_downstream_rq_xx: counter("Answers, by listener and by the first digit of their status.", {
    series: LISTENERS.flatMap((envoy_http_conn_manager_prefix) =>
      CLASSES.map((envoy_response_code_class) => ({ envoy_response_code_class, envoy_http_conn_manager_prefix }))
    ),
  }),
  envoy_http_downstream_rq_active: gauge(
    "Requests that have no whole answer yet, by listener.",
    each("envoy_http_conn_manager_prefix", LISTENERS),
  ),
  envoy_http_downstream_cx_active: gauge(
    "Open connections, by listener.",
    each("envoy_http_conn_manager_prefix", LISTENERS),
  ),
  envoy_http_downstream_rq_time: histogram(
    "Milliseconds from a request to the end of its answer, by listener.",
    each("envoy_http_conn_manager_prefix", LISTENERS),
  ),
  envoy_http_downstream_rq_overload_close: counter(
    "Requests that Envoy has refused because it has no memory left, by listener.",
    each("envoy_http_conn_manager_prefix", LISTENERS),
  ),
  envoy_listener_downstream_global_cx_overflow: counter(
    "Connections that Envoy has refused because it has 20,000, by the listener's address.",
    { series: [], open: ["envoy_listener_address"] },
  ),
  envoy_overload_envoy_resource_monitors_cgroup_memory_pressure: gauge(
    "Envoy's memory in percent of its container's limit. At 80 it returns free memory; at 95 it refuses requests.",
  ),
  envoy_overload_envoy_overload_actions_stop_accepting_requests_active: gauge(
    "Whether Envoy refuses requests because it has no memory left: 1 or 0.",
  ),
  envoy_cluster_upstream_rq_total: counter("Requests that Envoy has sent to a view, by its cluster.", {
    series: [],
    open: ["envoy_cluster_name"],
  }),
};
