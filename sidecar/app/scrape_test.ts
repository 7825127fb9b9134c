import { deepEqual, match, ok } from "node:assert/strict";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { ENVOY_METRICS } from "../telemetry/envoy_metrics.ts";
import type { Metric } from "../telemetry/metric.ts";
import { SIDECAR_METRICS } from "../telemetry/sidecar_metrics.ts";
import { scraped } from "../telemetry/testing/scrape.ts";
import { Replica } from "../testing/replica.ts";
import { VERSION } from "../version.ts";

clusterTest(
  "a gateway that nobody has asked yet gives each metric of the tables, with its series",
  async (namespace) => {
    await using replica = await Replica.start(namespace, {
      // With a lake, Envoy has a listener more.
      config: { lakeRoleArn: "arn:aws:iam::000000000000:role/lake", s3Endpoint: "http://127.0.0.1:1" },
    });
    const { text } = await replica.probe("/metrics");
    const sidecar = scraped(text);
    const wanted = Object.entries<Metric>(SIDECAR_METRICS).filter(([, { only }]) => only === undefined);
    deepEqual(Object.keys(sidecar).toSorted(), wanted.map(([name]) => name).toSorted());
    for (const [name, { type, series, open }] of wanted) {
      deepEqual([name, sidecar[name]!.type], [name, type]);
      if (open === undefined) deepEqual([name, sidecar[name]!.series], [name, series]);
    }
    match(text, new RegExp(`^view_gateway_build_info{version="${VERSION}"} 1$`, "m"));
    match(text, /^view_gateway_ready 1$/m);
    match(text, /^view_gateway_gate_held_limit 5000$/m);
    // None of them is infinite.
    match(text, /^view_gateway_watch_age_seconds\{resource="configmaps"\} [0-9.]+$/m);

    const envoy = scraped(await replica.envoy!.admin("/stats/prometheus"));
    for (const [name, { type, series, open }] of Object.entries(ENVOY_METRICS)) {
      const found = envoy[name];
      ok(found, `Envoy has no ${name}`);
      deepEqual([name, found.type], [name, type]);
      const told = JSON.stringify(found.series.map(sorted));
      if (open === undefined) {
        for (const labels of series) {
          ok(told.includes(JSON.stringify(sorted(labels))), `${name} ${told}`);
        }
      }
    }
  },
);

function sorted(labels: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(labels).sort());
}
