import { join } from "node:path";
import { step } from "../../../scripts/process/step.ts";
import type { Bench, BenchContext, Measured, MeasuredPart } from "../bench.ts";
import { measurableBundle } from "../processes/measurable_bundle.ts";
import { manyAwake } from "./scale/many_awake.ts";
import { namespaceOfSize } from "./scale/namespace_of_size.ts";
import { GATEWAYS, PROCESSES, reconnectStorm } from "./scale/reconnect_storm.ts";
import { type ScaleParts, scaleResults } from "./scale/scale_results.ts";

/** Each part has a control plane of its own. */
const PARTS = ["1000", "5000", "10000", "20000", "10x1000", "storm", "awake"];

/** Kubernetes needs longer to fill it than for all the others together. */
const LARGEST = "30000";

export const scale: Bench = {
  name: "scale",
  title: "Many views",
  about:
    `What grows with the number of views? A control plane of its own has one namespace with many Services; kwok plays its
nodes. Each part has another one. A sidecar from the bundle of its image and an Envoy with one worker are the gateway; there is
no lake, so that a wake writes no Secret. A wake lasts from a request at the gate until it passes. kwok takes 50 ms until a pod
has an address, and 50 ms more until it is ready. A part *10 × 1 000* has ten namespaces of 1,000 Services, of which one is
measured. CPU is beyond what a process takes while nothing happens. All processes share two cores with other work, which
is why CPU counts and times do not: the load average stands beside them.

In the storm, the watches of ${GATEWAYS} gateways (the sidecar's own reflectors and snapshots, in ${PROCESSES} processes) watch one
API server through a forwarder: all connections are closed at once, or the API server is killed and started again. A gateway is
fresh when it knows of a Service that was created since. The controllers are stopped, so there are no EndpointSlices.

For views that are awake, their Jobs and pods are written as Kubernetes' controllers would, and the controllers are stopped. One
web server answers for all pods.`,
  parts: [...PARTS, LARGEST],
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { directory, signal, kept = {} } = context;
  const chosen = context.parts ?? (context.full ? [...PARTS, LARGEST] : PARTS);
  const bundle = join(directory, "sidecar.js");
  await step("Bundling the sidecar", () => measurableBundle(bundle, signal));
  const parts: Record<string, MeasuredPart> = { ...kept };
  for (const part of chosen) {
    const began = performance.now();
    const data = await step(`scale: part ${part}`, () => measure(part, context, bundle));
    const seconds = Math.round((performance.now() - began) / 1000);
    parts[part] = { date: new Date().toISOString().slice(0, 10), seconds, data };
  }
  return { ...scaleResults(parts as ScaleParts), parts };
}

function measure(part: string, context: BenchContext, bundle: string): Promise<unknown> {
  if (part === "storm") return reconnectStorm(context);
  if (part === "awake") return manyAwake(context, bundle);
  const [size, namespaces = 1] = part.split("x").map(Number).reverse() as [number, number?];
  return namespaceOfSize(context, { size: context.quick ? Math.ceil(size / 50) : size, namespaces, bundle });
}
