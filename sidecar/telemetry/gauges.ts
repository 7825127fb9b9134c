import { Gauge, type Registry } from "prom-client";
import type { PoolCounts } from "../view/pool_pods.ts";

/** Sources of gauges, which are read at each scrape. */
export interface Readings {
  /** Requests that wait at the gate. */
  readonly held: () => number;
  /** Bytes of Envoy's memory that their bodies may take. */
  readonly heldBytes: () => number;
  /** Seconds since each watch last heard of the API server, by resource. */
  readonly watchAges: () => Readonly<Record<string, number>>;
  /** The pods of warm pools, by template. */
  readonly pools?: () => readonly PoolCounts[];
  /** Undefined where Envoy speaks plain HTTP. */
  readonly certificate?: CertificateReadings | undefined;
}

export interface CertificateReadings {
  /** Seconds until the certificate expires that Envoy shows to clients. */
  readonly secondsLeft: number;
  /** What is wrong with the files that it comes from. */
  readonly problems: readonly string[];
}

/** Registers the gauges of these sources. */
export function addGauges(registry: Registry, { held, heldBytes, watchAges, pools, certificate }: Readings): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `view_gateway_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge("gate_held", "Requests that wait at the gate now.", held);
  gauge(
    "gate_body_bytes",
    "Bytes of Envoy's memory that the bodies of requests which wait at the gate now may take.",
    heldBytes,
  );
  new Gauge({
    name: "view_gateway_watch_age_seconds",
    help: "Seconds since a watch of Kubernetes last heard of the API server, by resource.",
    labelNames: ["resource"],
    registers: [registry],
    collect() {
      for (const [resource, age] of Object.entries(watchAges())) this.set({ resource }, age);
    },
  });
  new Gauge({
    name: "view_gateway_pool_pods",
    help: "Pods of warm pools that belong to no view, by template and state.",
    labelNames: ["state", "template"],
    registers: [registry],
    collect() {
      // Templates that have no pool any more leave no series behind.
      this.reset();
      for (const { template, ...counts } of pools?.() ?? []) {
        for (const [state, count] of Object.entries(counts)) this.set({ state, template }, count);
      }
    },
  });
  if (certificate === undefined) return;
  gauge(
    "certificate_seconds",
    "Seconds until the certificate expires that Envoy shows to clients.",
    () => certificate.secondsLeft,
  );
  gauge(
    "certificate_problems",
    "What is wrong with the files in TLS_DIRECTORY now, counted.",
    () => certificate.problems.length,
  );
}
