import { deepEqual, equal } from "node:assert/strict";
import { type Manifest, renderKustomization, writeOverlay } from "../../../scripts/deploy/kustomize.ts";
import { namespacesNamed } from "../../../scripts/deploy/namespaces.ts";
import { configOf } from "../../../sidecar/config/config.ts";
import { tracesOf } from "../../../sidecar/traces/settings.ts";

async function tracesIn(components: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const directory = await Deno.makeTempDir({ prefix: "overlay-" });
  try {
    const namespaces = namespacesNamed("test");
    await writeOverlay(directory, { overlay: "overlays/demo", namespaces, images: [], components, environment });
    const manifests: readonly Manifest[] = await renderKustomization(directory);
    const settings = manifests.find(({ kind, data }) => kind === "ConfigMap" && data.BASE_HOST !== undefined)!;
    return tracesOf(configOf((name) => ({ NAMESPACE: "views", ...settings.data })[name]));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("the component turns traces on, and a variable of the overlay names a collector elsewhere", async () => {
  const caFile = "/etc/ssl/certs/ca-certificates.crt";
  equal(await tracesIn([]), undefined);
  deepEqual(await tracesIn(["components/traces"]), {
    endpoint: "http://otel-collector.monitoring.svc:4318",
    caFile,
    instance: "",
  });
  const other = await tracesIn([], { TRACES_ENDPOINT: "https://traces.example.com" });
  equal(other?.endpoint, "https://traces.example.com");
});
