import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { type Manifest, renderKustomization, writeOverlay } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { type AlertRule, rulesFile, shippedAlerts } from "../../../scripts/deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../../../scripts/packages/prometheus_binary.ts";
import { runCommand } from "../../../scripts/process/command.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";

const groups = await shippedAlerts();
const alerts: readonly AlertRule[] = groups.flatMap(({ rules }) => rules);

/** What an overlay with both components gives, in namespaces of other names than the base's. */
async function rendered(): Promise<readonly Manifest[]> {
  await using directory = await temporaryDirectory({ prefix: "overlay-" });
  await writeOverlay(directory.path, {
    overlay: "overlays/demo",
    namespaces: namespacesNamed("test"),
    images: [],
    components: ["components/alerts", "components/pod-monitor"],
  });
  return await renderKustomization(directory.path);
}

Deno.test("the rules and the PodMonitor are in the gateway's namespace", async () => {
  const manifests = await rendered();
  const { namespace } = manifests.find(({ kind }) => kind === "Deployment")!.metadata;
  const found = manifests.filter(({ apiVersion }) => apiVersion === "monitoring.coreos.com/v1");
  deepEqual(found.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace]).sort(), [
    ["PodMonitor", "view-gateway", namespace],
    ["PrometheusRule", "view-gateway", namespace],
  ]);
  deepEqual(found.find(({ kind }) => kind === "PrometheusRule")!.spec.groups, groups);
});

Deno.test("the PodMonitor finds the pods, and scrapes one port of each container", async () => {
  const manifests = await rendered();
  const { metadata, spec } = manifests.find(({ kind }) => kind === "Deployment")!.spec.template;
  const { selector, jobLabel, podMetricsEndpoints } = manifests.find(({ kind }) => kind === "PodMonitor")!.spec;
  for (const [label, value] of Object.entries(selector.matchLabels)) equal(metadata.labels[label], value);
  // The alerts ask for this job.
  equal(metadata.labels[jobLabel], "view-gateway");
  const containers: readonly { readonly name: string; readonly ports: readonly { readonly name: string }[] }[] = [
    ...spec.initContainers,
    ...spec.containers,
  ];
  const scraped = podMetricsEndpoints.map(({ port, path }: { readonly port: string; readonly path: string }) => [
    containers.find(({ ports }) => ports.some(({ name }) => name === port))?.name,
    path,
  ]);
  deepEqual(scraped, [["sidecar", "/metrics"], ["envoy", "/stats/prometheus"]]);
});

Deno.test("Prometheus can read the rules", async () => {
  await using directory = await temporaryDirectory({ prefix: "rules-" });
  const file = join(directory.path, "rules.yaml");
  await Deno.writeTextFile(file, rulesFile(groups));
  const { promtool } = await prometheusBinaries();
  match(await runCommand(promtool, ["check", "rules", "--lint=all", "--lint-fatal", file]), /SUCCESS/);
});

Deno.test("each alert says how urgent it is, what it means, and where its part of the runbook is", () => {
  for (const { alert, labels, annotations } of alerts) {
    match(alert, /^ViewGateway[A-Z]/);
    match(labels.severity, /^(page|warning)$/);
    equal(annotations.runbook_url.split("/docs/")[1], `RUNBOOK.md#${alert.toLowerCase()}`);
    for (const text of [annotations.summary, annotations.description]) match(text, /^[^\n]+\.$/, alert);
    equal(annotations.summary.includes("{{"), false, `${alert}: a summary is the same for all`);
  }
});

Deno.test("an alert with two rules pages for the worse state", () => {
  for (const [alert, rules] of Map.groupBy(alerts, ({ alert }) => alert)) {
    if (rules.length > 1) deepEqual(rules.map(({ labels }) => labels.severity), ["warning", "page"], alert);
  }
});
