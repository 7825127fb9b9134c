import process from "node:process";
import type { PoolCounts } from "../view/pool_pods.ts";
import { TYPES, type Unusable } from "./label_values.ts";
import type { NamesOf, RegisteredMetrics } from "./registered_metrics.ts";

/** Sources of gauges, which are read at each scrape. */
export interface Readings {
  readonly ready: () => boolean;
  /** Requests that wait at the gate. */
  readonly held: () => number;
  /** Bytes of Envoy's memory that their bodies may take. */
  readonly heldBytes: () => number;
  /** Pages of starts that are open. */
  readonly openPages: () => number;
  /** Seconds since each watch last heard of the API server, or since the start, by resource. */
  readonly watchAges: () => Readonly<Record<string, number>>;
  /** The pods of warm pools, by template. */
  readonly pools: () => readonly PoolCounts[];
  /** How many objects in Kubernetes cannot be used. */
  readonly unusable: () => Readonly<Record<Unusable, number>>;
  /** The types of the resources that Envoy refuses, each as often as there are such resources. */
  readonly refused: () => readonly string[];
  /** Undefined where Envoy speaks plain HTTP. */
  readonly certificate: CertificateReadings | undefined;
}

export interface CertificateReadings {
  /** Seconds until the certificate expires that Envoy shows to clients. */
  readonly secondsLeft: number;
  /** What is wrong with the files that it comes from. */
  readonly problems: readonly string[];
}

/** Sets the gauges to what their sources say now. */
export function readInto(metrics: RegisteredMetrics, readings: Readings): void {
  const set = (name: NamesOf<"gauge">, value: number) => metrics.gauge(name).set(value);
  const setEach = (name: NamesOf<"gauge">, label: string, values: Readonly<Record<string, number>>) => {
    for (const [value, count] of Object.entries(values)) metrics.gauge(name).set({ [label]: value }, count);
  };
  set("view_gateway_ready", Number(readings.ready()));
  set("view_gateway_gate_held", readings.held());
  set("view_gateway_gate_body_bytes", readings.heldBytes());
  set("view_gateway_open_pages", readings.openPages());
  setEach("view_gateway_watch_age_seconds", "resource", readings.watchAges());
  setEach("view_gateway_unusable_objects", "object", readings.unusable());
  const refused = readings.refused();
  const refusals = TYPES.map((type) => [type, refused.filter((other) => other === type).length]);
  setEach("view_gateway_xds_refused_resources", "type", Object.fromEntries(refusals));
  readPools(metrics, readings.pools());
  const { certificate } = readings;
  if (certificate === undefined) return;
  set("view_gateway_certificate_seconds", certificate.secondsLeft);
  set("view_gateway_certificate_problems", certificate.problems.length);
}

function readPools(metrics: RegisteredMetrics, pools: readonly PoolCounts[]): void {
  const pods = metrics.gauge("view_gateway_pool_pods");
  // Templates that have no pool any more leave no series behind.
  pods.reset();
  for (const { template, ...counts } of pools) {
    for (const [state, count] of Object.entries(counts)) pods.set({ state, template }, count);
  }
}

/** Sets what the process takes. */
export function readProcess(metrics: RegisteredMetrics): void {
  metrics.gauge("process_resident_memory_bytes").set(Deno.memoryUsage().rss);
  const { user, system } = process.cpuUsage();
  const seconds = metrics.counter("process_cpu_seconds_total");
  seconds.reset();
  seconds.inc((user + system) / 1_000_000);
}
