import { deepEqual } from "node:assert/strict";
import { type PodMonitor, podTargets, type ScrapedPod } from "./pod_targets.ts";

const monitor: PodMonitor = {
  spec: {
    jobLabel: "app.kubernetes.io/name",
    selector: { matchLabels: { "app.kubernetes.io/name": "view-gateway" } },
    podMetricsEndpoints: [{ port: "probes", path: "/metrics" }, { port: "envoy-probes", path: "/stats/prometheus" }],
  },
};

const pod: ScrapedPod = {
  metadata: { name: "view-gateway-1", namespace: "gateways", labels: { "app.kubernetes.io/name": "view-gateway" } },
  spec: {
    initContainers: [{ name: "sidecar", ports: [{ name: "probes", containerPort: 8082 }] }],
    containers: [{
      name: "envoy",
      ports: [{ name: "http", containerPort: 8080 }, { name: "envoy-probes", containerPort: 8081 }],
    }],
  },
  status: { phase: "Running", podIP: "10.244.0.7" },
};

Deno.test("each port of the PodMonitor is a target of its own, with the labels that the alerts ask for", () => {
  const labels = { job: "view-gateway", namespace: "gateways", pod: "view-gateway-1" };
  deepEqual(podTargets(monitor, [pod]), [
    {
      targets: ["10.244.0.7:8082"],
      labels: { __metrics_path__: "/metrics", ...labels, container: "sidecar", endpoint: "probes" },
    },
    {
      targets: ["10.244.0.7:8081"],
      labels: { __metrics_path__: "/stats/prometheus", ...labels, container: "envoy", endpoint: "envoy-probes" },
    },
  ]);
});

Deno.test("pods of others, pods that have ended and pods without an address are not scraped", () => {
  const { metadata } = pod;
  const without: readonly ScrapedPod[] = [
    { ...pod, metadata: { ...metadata, labels: { "app.kubernetes.io/name": "provider" } } },
    { ...pod, metadata: { name: "bare", namespace: "gateways" } },
    { ...pod, status: { phase: "Failed", podIP: "10.244.0.7" } },
    { ...pod, status: { phase: "Pending" } },
    { ...pod, spec: { containers: [{ name: "envoy" }] } },
  ];
  deepEqual(podTargets(monitor, without), []);
});
