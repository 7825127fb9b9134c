import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { labelNames, type Metric } from "./metric.ts";
import { SIDECAR_METRICS } from "./sidecar_metrics.ts";

type Table = typeof SIDECAR_METRICS;

/** The names of all metrics of a type. */
export type NamesOf<Type extends Metric["type"]> = {
  [Name in keyof Table]: Table[Name]["type"] extends Type ? Name : never;
}[keyof Table];

/** prom-client's objects for the sidecar's metrics, with all series that exist from the start. */
export class RegisteredMetrics {
  readonly #metrics = new Map<string, Counter | Gauge | Histogram>();
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    for (const [name, metric] of Object.entries<Metric>(SIDECAR_METRICS)) {
      if (metric.only === undefined) this.#metrics.set(name, made(name, metric, registry));
    }
  }

  counter(name: NamesOf<"counter">): Counter {
    return this.#metrics.get(name) as Counter;
  }

  /** One that is missing without a variable is registered when it is first asked for. */
  gauge(name: NamesOf<"gauge">): Gauge {
    const found = this.#metrics.get(name) ?? made(name, SIDECAR_METRICS[name], this.#registry);
    this.#metrics.set(name, found);
    return found as Gauge;
  }

  histogram(name: NamesOf<"histogram">): Histogram {
    return this.#metrics.get(name) as Histogram;
  }
}

function made(name: string, metric: Metric, registry: Registry): Counter | Gauge | Histogram {
  const options = { name, help: metric.help, labelNames: [...labelNames(metric)], registers: [registry] };
  const series = metric.open === undefined ? metric.series : [];
  switch (metric.type) {
    case "counter": {
      const counter = new Counter(options);
      for (const labels of series) counter.inc(labels, 0);
      return counter;
    }
    case "gauge": {
      const gauge = new Gauge(options);
      for (const labels of series) gauge.set(labels, 0);
      return gauge;
    }
    case "histogram": {
      const histogram = new Histogram({ ...options, buckets: [...metric.buckets ?? []] });
      for (const labels of series) histogram.zero(labels);
      return histogram;
    }
  }
}
