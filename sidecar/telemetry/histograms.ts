import { Histogram, type Registry } from "prom-client";
import type { StartKind } from "../view/state.ts";

/** How long requests waited that passed. */
export function holdSeconds(registry: Registry): Histogram {
  return new Histogram({
    name: "view_gateway_gate_hold_seconds",
    help: "Seconds that a request waited at the gate before it passed.",
    buckets: [0.005, 0.05, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300],
    registers: [registry],
  });
}

/** How long wakes took. Each kind of start has its series from the beginning. */
export function wakeSeconds(registry: Registry, starts: readonly StartKind[]): Histogram<"start"> {
  const wakes = new Histogram({
    name: "view_gateway_wake_seconds",
    help: "Seconds from the first request that waited for a view to the first that passed, by the kind of start.",
    labelNames: ["start"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300],
    registers: [registry],
  });
  for (const start of starts) wakes.zero({ start });
  return wakes;
}
