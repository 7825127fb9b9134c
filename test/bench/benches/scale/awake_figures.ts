import type { Figure } from "../../report/comparison.ts";
import type { AwakeSample } from "./many_awake.ts";

export function awakeFigures(sample: AwakeSample): readonly Figure[] {
  const { size, memory, idle, request, renewal, scrapes } = sample;
  const figure = (measure: string, unit: string, value: number | undefined): Figure => ({
    what: `${size} awake views`,
    ...{ measure, unit, values: [value ?? 0] },
  });
  return [
    figure("the sidecar's start → all views known", "ms", sample.synced),
    figure("Envoy's start → ready", "ms", sample.ready),
    figure("memory of the sidecar", "MB", (memory.sidecar ?? 0) / 1e6),
    figure("memory of Envoy (one worker)", "MB", (memory.envoy ?? 0) / 1e6),
    figure("of which allocated", "MB", sample.allocated / 1e6),
    figure("CPU of the sidecar without traffic", "ms/s", (idle.sidecar ?? 0) * 1000),
    figure("CPU of Envoy without traffic", "ms/s", (idle.envoy ?? 0) * 1000),
    figure("CPU of the sidecar for a view's place in a load report", "ms", request.sidecar),
    figure("CPU of Envoy for a request and its report", "ms", request.envoy),
    figure("renewals after one request for each view", "renewals", sample.renewed),
    figure("CPU of the API server for a renewal", "ms", renewal["kube-apiserver"]),
    figure("CPU of etcd for a renewal", "ms", renewal.etcd),
    figure("CPU of the sidecar for a renewal", "ms", renewal.sidecar),
    figure("CPU of Envoy for a renewal", "ms", renewal.envoy),
    figure("a scrape of Envoy", "ms", scrapes.envoy.milliseconds),
    figure("its page", "kB", scrapes.envoy.bytes / 1000),
    figure("a scrape of the sidecar", "ms", scrapes.sidecar.milliseconds),
    figure("its page too", "kB", scrapes.sidecar.bytes / 1000),
    figure("load average of a minute", "processes", sample.load),
  ];
}
