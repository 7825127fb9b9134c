import { deepEqual, equal } from "node:assert/strict";
import type { Metric } from "./metric.ts";
import { Metrics } from "./metrics.ts";
import { SIDECAR_METRICS, SIDECAR_SUBJECTS } from "./sidecar_metrics.ts";
import { QUIET_READINGS } from "./testing/readings.ts";
import { scraped } from "./testing/scrape.ts";

const table = Object.entries<Metric>(SIDECAR_METRICS);

Deno.test("each metric of the table exists from the start, with all of its series, and no other does", async () => {
  const found = scraped(await new Metrics().text());
  const wanted = table.filter(([, { only }]) => only === undefined).map(([name, { type, help, series, open }]) => [
    name,
    { type, help, series: open === undefined ? series : [] },
  ]);
  deepEqual(found, Object.fromEntries(wanted));
});

Deno.test("each series begins at 0", async () => {
  const text = await new Metrics().text();
  const others = text.split("\n").filter((line) => /^view_gateway_.* /.test(line) && !/ 0$/.test(line));
  deepEqual(others, []);
});

Deno.test("the metrics of the certificate exist only with a certificate", async () => {
  const only = table.filter(([, { only }]) => only === "TLS_DIRECTORY").map(([name]) => name);
  const found = async (certificate: typeof QUIET_READINGS.certificate) => {
    const metrics = new Metrics();
    metrics.read({ ...QUIET_READINGS, certificate });
    return Object.keys(scraped(await metrics.text())).filter((name) => only.includes(name));
  };
  deepEqual([await found(undefined), await found({ secondsLeft: 1, problems: [] })], [[], only]);
});

Deno.test("each metric is of one subject", () => {
  const names = Object.values(SIDECAR_SUBJECTS).flatMap((metrics) => Object.keys(metrics));
  deepEqual(names.toSorted(), Object.keys(SIDECAR_METRICS).toSorted());
  equal(new Set(names).size, names.length);
});
