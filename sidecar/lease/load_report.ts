import type { envoy } from "../gen/envoy.js";

/**
 * The views that have traffic, as one of Envoy's load reports tells: requests were issued since the report before, or are
 * in progress, such as a WebSocket on which nobody speaks. Envoy's other clusters are no views: their names are no
 * RFC 1035 labels.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/config/endpoint/v3/load_report.proto
 */
export function viewsWithTraffic(report: envoy.service.load_stats.v3.LoadStatsRequest): readonly string[] {
  return report.clusterStats
    .filter(({ upstreamLocalityStats }) =>
      upstreamLocalityStats.some(({ totalIssuedRequests, totalRequestsInProgress }) =>
        !totalIssuedRequests.isZero() || !totalRequestsInProgress.isZero()
      )
    )
    .map(({ clusterName }) => clusterName)
    .filter((name) => !name.includes("_"));
}
