/** What of the Prometheus Operator's PodMonitor this project uses. */
export interface PodMonitor {
  readonly spec: {
    readonly jobLabel: string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly { readonly port: string; readonly path: string }[];
  };
}

/** What of a pod decides what is scraped of it, as Kubernetes' API gives it. */
export interface ScrapedPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly containers: readonly ScrapedContainer[];
    readonly initContainers?: readonly ScrapedContainer[];
  };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

interface ScrapedContainer {
  readonly name: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

/** Addresses to scrape, and the labels of all that is read there. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * What the Prometheus Operator lets Prometheus scrape for a PodMonitor, in the format of
 * https://prometheus.io/docs/prometheus/2.42/http_sd/. Debian's Prometheus itself does not know Kubernetes.
 */
export function podTargets({ spec }: PodMonitor, pods: readonly ScrapedPod[]): readonly TargetGroup[] {
  const { jobLabel, selector: { matchLabels }, podMetricsEndpoints } = spec;
  return pods.flatMap(({ metadata: { name, namespace, labels = {} }, spec, status }) => {
    const selected = Object.entries(matchLabels).every(([label, value]) => labels[label] === value);
    const address = status?.podIP;
    if (!selected || address === undefined || ["Succeeded", "Failed"].includes(status?.phase ?? "")) return [];
    return [...spec.initContainers ?? [], ...spec.containers].flatMap(({ name: container, ports = [] }) =>
      ports.flatMap((port) =>
        podMetricsEndpoints.filter((endpoint) => endpoint.port === port.name).map(({ port: endpoint, path }) => ({
          targets: [`${address}:${port.containerPort}`],
          labels: { __metrics_path__: path, job: labels[jobLabel] ?? "", namespace, pod: name, container, endpoint },
        }))
      )
    );
  });
}
