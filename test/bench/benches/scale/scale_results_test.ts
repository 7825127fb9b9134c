import { deepEqual, equal, ok } from "node:assert/strict";
import type { NamespaceSample } from "./namespace_sample.ts";
import { scaleResults } from "./scale_results.ts";

const cost = { "kube-controller-manager": 30, "kube-apiserver": 10, etcd: 0.01 };

function sample(size: number, namespaces = 1): NamespaceSample {
  const times = { jobCreated: 10, podCreated: 20, podScheduled: 30, podReady: 140, sliceReady: 300 };
  const seen = { asked: 0, answered: 150, times };
  return {
    ...{ size, namespaces, filled: 1, fill: cost, starts: [900], startCost: cost, list: { bytes: 2e6, pages: 4 } },
    ...{ database: 3e6, memory: { sidecar: 2e8 }, creations: [], wakes: [seen], together: [[seen, seen]], load: [1] },
    cost: { creation: cost, event: cost, wake: cost, "wake of 20 at once": cost, sleep: cost, renewal: cost },
  };
}

const parts = (...samples: readonly NamespaceSample[]) =>
  Object.fromEntries(samples.map((data, i) => [`part-${i}`, { data }]));

Deno.test("a wake is told in its parts, and what nothing waits for is told too", () => {
  const { figures = [] } = scaleResults(parts(sample(1_000)));
  const value = (start: string) => figures.find(({ measure }) => measure.startsWith(start))?.values;
  deepEqual(value("wake: request → passes"), [150]);
  deepEqual(value("wake: ready → request passes"), [10]);
  deepEqual(value("wake: ready → EndpointSlice"), [160]);
  deepEqual(value("wake of 20 at once: request → passes"), [150, 150]);
});

Deno.test("CPU is the sum of all processes, and names those that took most", () => {
  const { figures = [] } = scaleResults(parts(sample(1_000)));
  const wake = figures.find(({ measure }) => measure.startsWith("CPU for one wake:"));
  equal(wake?.measure, "CPU for one wake: controller manager 30.0, API server 10.0");
  deepEqual(wake?.values, [40.01]);
});

Deno.test("the smallest namespace comes first, and curves have those that are alone in their cluster", () => {
  const { figures = [], curves = [] } = scaleResults(parts(sample(5_000), sample(1_000, 10), sample(1_000)));
  const what = [...new Set(figures.map(({ what }) => what))];
  deepEqual(what, ["1000 Services", "5000 Services", "10 namespaces of 1000 Services"]);
  ok(curves.every(({ points }) => points.every(({ x }) => [1_000, 5_000].includes(x))));
  deepEqual(curves[0]?.points.filter(({ who }) => who === "controller manager"), [
    { who: "controller manager", x: 1_000, y: 30 },
    { who: "controller manager", x: 5_000, y: 30 },
  ]);
});
