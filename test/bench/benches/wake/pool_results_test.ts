import { deepEqual, equal } from "node:assert/strict";
import type { Comparison, Figure } from "../../report/comparison.ts";
import { type FirstRequest, poolResults, type PoolSamples } from "./pool_results.ts";

const cold = (took: number): FirstRequest => ({ sent: 1_000, claimed: undefined, answered: 1_000 + took });
const claimed = (took: number): FirstRequest => ({ sent: 1_000, claimed: 1_010, answered: 1_000 + took });

const samples: PoolSamples = {
  ...{ what: "a page", size: 1, crowd: 3 },
  alone: { ours: [[claimed(40)], [claimed(60)]], peers: [[cold(400)], [cold(600)]] },
  together: { ours: [[claimed(70), cold(500), cold(700)]], peers: [[cold(400), cold(500), cold(600)]] },
  refills: [2_000, 4_000],
};

const found = poolResults([samples]);
const valuesOf = (all: readonly Figure[], what: string, measure: string) =>
  all.find((one) => one.what === what && one.measure === measure)?.values;

Deno.test("each first request of a view with a pool is compared with the one of the same turn without", () => {
  const { ours, peers } = found.comparisons.find(({ what }) => what === "a page, from a warm pool") as Comparison;
  deepEqual([ours, peers], [[40, 60], [400, 600]]);
});

Deno.test("of a crowd, those that found no pod are compared with a crowd that has no pool", () => {
  const { ours, peers, goal } = found.comparisons.find(({ what }) => /start cold$/.test(what)) as Comparison;
  deepEqual([ours, peers, goal?.ratio], [[600], [500], 1.1]);
  deepEqual(valuesOf(found.figures, "a page, 3 at once from a pool of 1", "claimed"), [1]);
  deepEqual(
    valuesOf(found.figures, "a page, 3 at once from a pool of 1: those that claim", "p50 of request → first byte"),
    [70],
  );
});

Deno.test("a claimed first request is told in its steps, and how long the pool needs afterwards", () => {
  const value = (measure: string) => valuesOf(found.figures, "a page, from a warm pool", measure)?.[0];
  equal(value("p50 of request → first byte"), 50);
  equal(value("p50 of request → claim, as a watch shows it"), 10);
  equal(value("p50 of claim → first byte"), 40);
  equal(value("p50 of claim → the pool is full again"), 3_000);
  equal(value("longest of claim → the pool is full again"), 4_000);
});

Deno.test("a crowd in which nobody found a pod still has its other figures", () => {
  const { figures } = poolResults([{
    ...samples,
    together: { ours: [[cold(500)]], peers: [[cold(500)]] },
  }]);
  deepEqual(valuesOf(figures, "a page, 3 at once from a pool of 1", "claimed"), [0]);
  equal(
    valuesOf(figures, "a page, 3 at once from a pool of 1: those that claim", "p50 of request → first byte"),
    undefined,
  );
});
