import type { envoy } from "../gen/envoy.js";
import { viewOfCluster } from "../view/public_cluster.ts";

/**
 * The views with traffic in one of Envoy's load reports. They have requests since the previous report, or requests in
 * progress, such as a quiet WebSocket.
 * https://www.envoyproxy.io/docs/envoy/v1.37.0/api-v3/config/endpoint/v3/load_report.proto
 */
export function viewsWithTraffic(report: envoy.service.load_stats.v3.LoadStatsRequest): readonly string[] {
  const views = report.clusterStats
    .filter(({ upstreamLocalityStats }) =>
      upstreamLocalityStats.some(({ totalIssuedRequests, totalRequestsInProgress }) =>
        !totalIssuedRequests.isZero() || !totalRequestsInProgress.isZero()
      )
    )
    .map(({ clusterName }) => viewOfCluster(clusterName))
    .filter((view) => view !== undefined);
  return [...new Set(views)];
}
