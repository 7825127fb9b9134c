import { deepEqual, ok } from "node:assert/strict";
import { ENVOY_METRICS } from "../../sidecar/telemetry/envoy_metrics.ts";
import type { Metric } from "../../sidecar/telemetry/metric.ts";
import { SIDECAR_METRICS } from "../../sidecar/telemetry/sidecar_metrics.ts";
import { shippedAlerts } from "../deploy/shipped_alerts.ts";
import { metricsDocument, queriedNames } from "./metrics_document.ts";

const METRICS: Readonly<Record<string, Metric>> = { ...SIDECAR_METRICS, ...ENVOY_METRICS };

const docs = new URL("../../docs/", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, docs));
const rules = (await shippedAlerts()).flatMap(({ rules }) => rules);

/** The metric that has a series of this name: of a histogram there are three. */
function metricOf(name: string): Metric | undefined {
  const histogram = METRICS[name.replace(/_(bucket|sum|count)$/, "")];
  return METRICS[name] ?? (histogram?.type === "histogram" ? histogram : undefined);
}

/** What a text says of metrics that does not hold: a name that there is not, or a value that no series has. */
function mistakes(text: string): readonly string[] {
  const named = text.matchAll(
    /\b((?:view_gateway|envoy_(?:cluster|control|http|listener|overload|server)|process)_[a-z_]+)(?:\{([^}]*)\})?/g,
  );
  return [...named].flatMap(([all, name = "", matchers = ""]) => {
    // `envoy_cluster_upstream_*`
    if (name.endsWith("_") && Object.keys(METRICS).some((known) => known.startsWith(name))) return [];
    const metric = metricOf(name);
    if (metric === undefined) return [`${all}: there is no such metric`];
    return [...matchers.matchAll(/(\w+)(=~?|!=)"([^"]*)"/g)].flatMap(([, label = "", operator, value = ""]) => {
      // Prometheus adds these.
      if (["job", "namespace", "pod", "container"].includes(label) || metric.open?.includes(label)) return [];
      const values = operator === "=~" ? value.split("|") : [value];
      const wrong = values.filter((value) => !metric.series.some((labels) => labels[label] === value));
      return wrong.map((value) => `${all}: ${value}`);
    });
  });
}

Deno.test("each series that a document or an alert names is one that there is", async () => {
  const texts: readonly (readonly [string, string])[] = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...await Promise.all(
      [...Deno.readDirSync(docs)].filter(({ name }) => name.endsWith(".md") && name !== "METRICS.md").map(async (
        { name },
      ) => [name, await read(name)] as const),
    ),
  ];
  deepEqual(texts.flatMap(([name, text]) => mistakes(text).map((mistake) => `${name}: ${mistake}`)), []);
});

Deno.test("a name or a value that is not there is found", () => {
  deepEqual(
    mistakes(
      'view_gateway_vews + view_gateway_views{phase=~"awake|asleeep"} + view_gateway_wake_seconds_bucket{start="warm"}',
    ),
    ["view_gateway_vews: there is no such metric", 'view_gateway_views{phase=~"awake|asleeep"}: asleeep'],
  );
});

Deno.test("each alert asks for a metric of a table, or for `up`", () => {
  for (const { alert, expr } of rules) {
    const names = [...queriedNames(expr)].filter((name) => name in METRICS || name === "up");
    ok(names.length > 0, alert);
  }
});

Deno.test("each alert has a section in the runbook, with its severity and four parts, and there is no other section", async () => {
  const sections = (await read("RUNBOOK.md")).split(/^## /m).slice(1).map((text) => ({
    alert: text.split("\n")[0],
    severity: /^Severity: (.*)\.$/m.exec(text)?.[1],
    parts: [...text.matchAll(/^\*\*([^*]+)\*\*:/gm)].map(([, part]) => part),
  }));
  const wanted = [...Map.groupBy(rules, ({ alert }) => alert)].map(([alert, rules]) => ({
    alert,
    severity: rules.map(({ labels }) => labels.severity).join(", "),
    parts: ["It means", "Users see", "Find the cause", "Do"],
  }));
  deepEqual(sections, wanted);
});

Deno.test("the document says which alerts use a metric, and where a metric is missing", () => {
  const group = { name: "a", rules: [{ ...rules[0]!, alert: "ViewGatewayTest", expr: "view_gateway_gate_held > 1" }] };
  const lines = metricsDocument([group]).split("\n");
  const row = (name: string) => lines.find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
  ok(row("view_gateway_gate_held").endsWith("| [ViewGatewayTest](RUNBOOK.md#viewgatewaytest) |"));
  ok(row("view_gateway_gate_held_limit").endsWith("|  |"));
  ok(row("view_gateway_certificate_seconds").includes("Missing without `TLS_DIRECTORY`."));
  ok(lines.some((line) => line.startsWith('- `owner="platform"`: `ContainerCannotRun`')));
});
