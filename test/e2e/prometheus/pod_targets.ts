import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadYaml, type V1Container, type V1Pod } from "@kubernetes/client-node";

/** What the Prometheus Operator reads of a PodMonitor: https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor */
export interface PodMonitor {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly selector: {
      readonly matchLabels: Readonly<Record<string, string>>;
    };
    readonly podMetricsEndpoints: readonly {
      readonly port: string;
      readonly path?: string;
    }[];
    readonly jobLabel?: string;
  };
}

/** Targets of Prometheus that have the same labels. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** The PodMonitor of the component `pod-monitor`. */
export const SHIPPED_POD_MONITOR: PodMonitor = loadYaml(readFileSync(
  fileURLToPath(
    new URL(
      "../../../gateway/components/pod-monitor/pod_monitor.yaml",
      import.meta.url,
    ),
  ),
  "utf8",
));

/** What Prometheus scrapes of these pods, with the labels that the Prometheus Operator gives. */
export function podTargets({ metadata, spec }: PodMonitor, pods: readonly V1Pod[]): readonly TargetGroup[] {
  const { selector, podMetricsEndpoints, jobLabel = "" } = spec;
  const wanted = Object.entries(selector.matchLabels);
  return pods.flatMap((pod) => {
    const { name, namespace, labels = {} } = pod.metadata!;
    const address = pod.status?.podIP;
    if (address === undefined || !wanted.every(([label, value]) => labels[label] === value)) return [];
    const job = labels[jobLabel] ?? `${namespace}/${metadata.name}`;
    return podMetricsEndpoints.flatMap(({ port: endpoint, path = "/metrics" }) =>
      portsNamed(pod, endpoint).map(({ container, port }) => ({
        targets: [`${address}:${port}`],
        labels: { job, namespace: namespace!, pod: name!, container, endpoint, __metrics_path__: path },
      }))
    );
  });
}

function portsNamed(
  { spec }: V1Pod,
  endpoint: string,
): readonly { readonly container: string; readonly port: number }[] {
  const containers: readonly V1Container[] = [
    ...spec?.initContainers ?? [],
    ...spec?.containers ?? [],
  ];
  return containers.flatMap(({ name: container, ports = [] }) =>
    ports.filter(({ name }) => name === endpoint).map(({ containerPort: port }) => ({ container, port }))
  );
}
