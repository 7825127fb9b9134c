/** The programs with which people look at the demo from outside: they run beside its pods. */
import { type NodeCluster, nodeGuests } from "../cluster/node/node.ts";
import { prometheusNeeds } from "../packages/prometheus_binary.ts";
import { zipkinNeeds } from "../packages/zipkin.ts";
import type { RequiredTool } from "../needs/needs.ts";
import { endMetrics, PROMETHEUS_PORT, startMetrics } from "./demo_metrics.ts";
import { endTraces, startTraces, ZIPKIN_PORT } from "./demo_traces.ts";

/** What the graph shows. Each gateway counts all views. */
const QUERY = "max by (phase) (view_gateway_views)";

export interface Observation {
  /** Whether there is Zipkin. */
  readonly traces?: true | undefined;
  /** Whether there is Prometheus. */
  readonly metrics?: true | undefined;
}

/** The ports of this machine that it takes. */
export function observationPorts({ traces, metrics }: Observation): readonly number[] {
  return [...traces ? [ZIPKIN_PORT] : [], ...metrics ? [PROMETHEUS_PORT] : []];
}

/** What `observe` needs now. */
export function observationNeeds({ traces, metrics }: Observation): readonly RequiredTool[] {
  return [...traces ? zipkinNeeds() : [], ...metrics ? prometheusNeeds() : []];
}

/** Where the pages are of what runs; each URL ends with a slash. */
export interface ObservationPages {
  readonly zipkin?: string | undefined;
  readonly prometheus?: string | undefined;
}

/**
 * Starts what is wanted, and ends what an earlier demo has started beside it.
 * @param namespace of the gateway
 */
export async function observe(
  cluster: NodeCluster,
  { traces, metrics }: Observation,
  namespace: string,
  signal: AbortSignal,
): Promise<ObservationPages> {
  const guests = await nodeGuests();
  if (guests === undefined) return {};
  if (!traces) await endTraces(guests);
  if (!metrics) await endMetrics(guests);
  return {
    zipkin: traces && await startTraces(guests, signal),
    prometheus: metrics && await startMetrics(guests, cluster, namespace, signal),
  };
}

/** Ends all that `observe` has started. */
export async function endObservation(): Promise<void> {
  const guests = await nodeGuests();
  if (guests === undefined) return;
  await endTraces(guests);
  await endMetrics(guests);
}

/** Lines for the user: where each program is, and what to look at. */
export function observationGuide(
  { zipkin, prometheus }: ObservationPages,
  trace: string | undefined,
): readonly string[] {
  const lines: string[] = [];
  if (zipkin !== undefined) {
    lines.push(`  ${zipkin}  Zipkin: the traces of requests that waited for a view; press "Run query"`);
    if (trace !== undefined) lines.push(`  ${zipkin}traces/${trace}  the trace of the first wake above`);
  }
  if (prometheus !== undefined) {
    const graph = new URLSearchParams({ "g0.expr": QUERY, "g0.tab": "0", "g0.range_input": "15m" });
    lines.push(`  ${prometheus}alerts  Prometheus: the alerts`);
    lines.push(`  ${prometheus}graph?${graph}  views by phase`);
  }
  return lines;
}
