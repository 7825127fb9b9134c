import { deepEqual, equal, ok } from "node:assert/strict";
import { shippedAlerts } from "../deploy/shipped_alerts.ts";
import { ALERTS_FACTOR, SCRAPE_SECONDS } from "./alerts_prometheus.ts";
import { fasterExpression, fasterRules, millisecondsOf } from "./faster_rules.ts";

Deno.test("each range, resolution and offset of a query is divided, and no other number", () => {
  const faster = (expr: string) => fasterExpression(expr, 60);
  equal(faster("increase(a_total[10m]) > 0"), "increase(a_total[10000ms]) > 0");
  equal(faster("rate(a[1h30m] offset 5m) * 60"), "rate(a[90000ms] offset 5000ms) * 60");
  equal(faster("max_over_time(a[1h:1m])"), "max_over_time(a[60000ms:1000ms])");
  equal(faster("a offset -2m < 14 * 86400"), "a offset -2000ms < 14 * 86400");
  equal(faster("view_gateway_watch_age_seconds > 90"), "view_gateway_watch_age_seconds > 90");
  equal(faster("offset_5m > offset1m"), "offset_5m > offset1m");
});

Deno.test("strings and comments of a query stay", () => {
  const expr = `a{b="[10m]", c='x\\'[5m]', d=\`[1h]\`} # [10m]\n or b[5m] # offset 5m`;
  equal(
    fasterExpression(expr, 10),
    `a{b="[10m]", c='x\\'[5m]', d=\`[1h]\`} # [10m]\n or b[30000ms] # offset 5m`,
  );
});

Deno.test("the time that a rule waits is divided, and its texts stay", () => {
  const rule = {
    alert: "Down",
    expr: "up == 0",
    labels: { severity: "page" as const },
    annotations: {
      summary: "Down for 5m.",
      description: "[5m]",
      runbook_url: "https://example.com/#5m",
    },
  };
  deepEqual(
    fasterRules([{ name: "g", rules: [{ ...rule, for: "5m" }, rule] }], 30),
    [
      { name: "g", rules: [{ ...rule, for: "10000ms" }, rule] },
    ],
  );
});

Deno.test("the alerts of the stories look back on five scrapes or more, as the shipped ones do", async () => {
  const groups = fasterRules(await shippedAlerts(), ALERTS_FACTOR);
  const ranges = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/\[[^\]]+\]/g) ?? []));
  const shortest = Math.min(...ranges.map(millisecondsOf));
  ok(ranges.length > 0);
  ok(shortest >= 5_000 * SCRAPE_SECONDS, `${shortest} ms`);
});

Deno.test("a duration may have several units, and none becomes 0", () => {
  equal(millisecondsOf("1d2h3m4s5ms"), 93_784_005);
  equal(fasterExpression("a[10ms]", 1_000), "a[1ms]");
});
