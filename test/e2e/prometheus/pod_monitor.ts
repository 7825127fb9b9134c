import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadYaml } from "@kubernetes/client-node";
import type { PodMonitor } from "../../../scripts/prometheus/pod_targets.ts";

const FILE = fileURLToPath(
  new URL(
    "../../../gateway/components/pod-monitor/pod_monitor.yaml",
    import.meta.url,
  ),
);

/** The PodMonitor of the component `pod-monitor`. */
export const SHIPPED_POD_MONITOR: PodMonitor = loadYaml(readFileSync(FILE, "utf8"));
