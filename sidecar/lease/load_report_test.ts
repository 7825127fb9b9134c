import { deepEqual } from "node:assert/strict";
import { envoy } from "../gen/envoy.js";
import { viewsWithTraffic } from "./load_report.ts";

const { LoadStatsRequest } = envoy.service.load_stats.v3;

/** A report as it comes over the wire. */
const report = (...clusterStats: envoy.config.endpoint.v3.IClusterStats[]) =>
  LoadStatsRequest.decode(LoadStatsRequest.encode({ clusterStats }).finish());

Deno.test("a view has traffic if it has new requests, or requests in progress, at any priority", () => {
  deepEqual(
    viewsWithTraffic(report(
      { clusterName: "issued", upstreamLocalityStats: [{ totalIssuedRequests: 1 }] },
      { clusterName: "quiet-websocket", upstreamLocalityStats: [{}, { priority: 1, totalRequestsInProgress: 1 }] },
      { clusterName: "idle", upstreamLocalityStats: [{ totalSuccessfulRequests: 3 }] },
      { clusterName: "nothing" },
    )),
    ["issued", "quiet-websocket"],
  );
});

Deno.test("Envoy's other clusters are no views", () => {
  deepEqual(
    viewsWithTraffic(report({ clusterName: "sidecar_http", upstreamLocalityStats: [{ totalIssuedRequests: 1 }] })),
    [],
  );
});

Deno.test("a view has the traffic of everybody whom it is open to, and counts once", () => {
  const upstreamLocalityStats = [{ totalIssuedRequests: 1 }];
  deepEqual(
    viewsWithTraffic(report(
      { clusterName: "sales", upstreamLocalityStats },
      { clusterName: "sales.public", upstreamLocalityStats },
      { clusterName: "other.public", upstreamLocalityStats },
    )),
    ["sales", "other"],
  );
});
