import { deepEqual, equal, ok } from "node:assert/strict";
import { dashboard, DASHBOARD_ROWS } from "../../../scripts/generate/dashboard.ts";
import { renderKustomization, writeOverlay } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { SIDECAR_METRICS } from "../../../sidecar/telemetry/sidecar_metrics.ts";

const queries = DASHBOARD_ROWS.flatMap(({ panels }) =>
  panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))
);

Deno.test("the component gives Grafana's sidecar the dashboard, in the gateway's namespace", async () => {
  await using directory = await temporaryDirectory({ prefix: "overlay-" });
  const namespaces = namespacesNamed("test");
  const components = ["components/dashboard"];
  await writeOverlay(directory.path, { overlay: "overlays/demo", namespaces, images: [], components });
  const manifests = await renderKustomization(directory.path);
  const { metadata, data } = manifests.find(({ metadata }) => metadata.name === "view-gateway-dashboard")!;
  equal(metadata.namespace, namespaces.gateway);
  deepEqual((metadata as { readonly labels?: unknown }).labels, { grafana_dashboard: "1" });
  deepEqual(JSON.parse(data["view-gateway.json"]), JSON.parse(JSON.stringify(dashboard())));
});

Deno.test("each metric of the sidecar that the dashboard asks for exists", () => {
  const asked = new Set(queries.flatMap((expr) => expr.match(/view_gateway_\w+/g) ?? []));
  ok(asked.size > 0);
  const unknown = [...asked].filter((name) => !(name.replace(/_(bucket|count|sum)$/, "") in SIDECAR_METRICS));
  deepEqual(unknown, []);
});

Deno.test("the dashboard shows each metric of the sidecar", () => {
  const shown = queries.join("\n");
  const missing = Object.keys(SIDECAR_METRICS).filter((name) => !shown.includes(name));
  deepEqual(missing, [], "scripts/generate/dashboard has what the dashboard shows");
});

Deno.test("each panel and row of the dashboard has an ID of its own, and each query a name within its panel", () => {
  const { panels = [] } = JSON.parse(JSON.stringify(dashboard())) as BuiltDashboard;
  equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { targets = [] } of panels) equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
});

interface BuiltDashboard {
  readonly panels?: readonly { readonly id: number; readonly targets?: readonly { readonly refId: string }[] }[];
}
