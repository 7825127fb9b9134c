import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderKustomization } from "../../../scripts/deploy/kustomize.ts";
import { rulesFile, shippedAlerts } from "../../../scripts/deploy/shipped_alerts.ts";
import { prometheusBinaries } from "../../../scripts/packages/prometheus_binary.ts";
import { runCommand } from "../../../scripts/process/command.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";

/** Debian's Prometheus knows no Kubernetes. So the targets stand here as that would find them. */
const DISCOVERY = /^ {4}kubernetes_sd_configs:\n {6}- role: pod\n {8}namespaces: \{ names: \[view-gateway\] \}\n/m;

/** The configuration of a Prometheus without its operator, as docs/INSTALL.md has it, and these targets. */
async function documented(targets: readonly object[]): Promise<string> {
  const manual = await Deno.readTextFile(new URL("../../../docs/INSTALL.md", import.meta.url));
  const config = /^```yaml\n(scrape_configs:.*?)^```$/ms.exec(manual)![1]!;
  match(config, DISCOVERY);
  return config.replace(DISCOVERY, `    static_configs: ${JSON.stringify(targets)}\n`);
}

/** What `role: pod` finds: a target for each port of each container. */
async function podTargets(more: Readonly<Record<string, string>> = {}): Promise<readonly object[]> {
  const manifests = await renderKustomization(fileURLToPath(new URL("../../base", import.meta.url)));
  const { metadata, spec } = manifests.find(({ kind }) => kind === "Deployment")!.spec.template;
  equal(metadata.labels["app.kubernetes.io/name"], "view-gateway");
  const containers: readonly { readonly name: string; readonly ports: readonly Port[] }[] = [
    ...spec.containers,
    ...spec.initContainers,
  ];
  return containers.flatMap(({ name, ports }) =>
    ports.map((port) => ({
      targets: [`10.0.0.1:${port.containerPort}`],
      labels: {
        __meta_kubernetes_namespace: "view-gateway",
        __meta_kubernetes_pod_name: "view-gateway-1",
        __meta_kubernetes_pod_phase: "Running",
        __meta_kubernetes_pod_label_app_kubernetes_io_name: metadata.labels["app.kubernetes.io/name"],
        __meta_kubernetes_pod_container_name: name,
        __meta_kubernetes_pod_container_port_name: port.name,
        ...more,
      },
    }))
  );
}

interface Port {
  readonly name: string;
  readonly containerPort: number;
}

/** Writes the configuration with its rules, and runs promtool on it. */
async function promtool(config: string, command: readonly string[], ...more: readonly string[]): Promise<string> {
  await using directory = await temporaryDirectory({ prefix: "prometheus-" });
  const file = join(directory.path, "prometheus.yaml");
  await Deno.writeTextFile(file, config);
  await Deno.writeTextFile(join(directory.path, "view-gateway-rules.yaml"), rulesFile(await shippedAlerts()));
  return await runCommand((await prometheusBinaries()).promtool, [...command, file, ...more]);
}

/** What Prometheus adds to the metrics of each target that it keeps. */
async function kept(targets: readonly object[]): Promise<readonly unknown[]> {
  const command = ["check", "service-discovery", "--timeout=1s"];
  const found: readonly { readonly labels?: Readonly<Record<string, string>> }[] = JSON.parse(
    await promtool(await documented(targets), command, "view-gateway"),
  );
  return found.flatMap(({ labels = {} }) => {
    const { job, namespace, pod, container, __metrics_path__: path, __address__: address } = labels;
    return address === undefined ? [] : [{ job, namespace, pod, container, path, port: address.split(":")[1] }];
  });
}

Deno.test("Prometheus takes the documented configuration, with the rules beside it", async () => {
  const said = await promtool(await documented(await podTargets()), ["check", "config"]);
  match(said, /prometheus\.yaml is valid/);
  match(said, /SUCCESS: \d\d rules found/);
});

Deno.test("it scrapes the sidecar and Envoy of each pod, with the labels that the alerts ask for", async () => {
  const of = { job: "view-gateway", namespace: "view-gateway", pod: "view-gateway-1" };
  deepEqual(await kept(await podTargets()), [
    { ...of, container: "envoy", path: "/stats/prometheus", port: "8081" },
    { ...of, container: "sidecar", path: "/metrics", port: "8082" },
  ]);
});

Deno.test("it scrapes no pod that has ended, and none of others", async () => {
  deepEqual(await kept(await podTargets({ __meta_kubernetes_pod_phase: "Failed" })), []);
  deepEqual(await kept(await podTargets({ __meta_kubernetes_pod_label_app_kubernetes_io_name: "other" })), []);
});
