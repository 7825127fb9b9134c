import { deepEqual, equal, throws } from "node:assert/strict";
import { advantage, evaluate } from "./comparison.ts";

Deno.test("the ratio is the median of the rounds' ratios, not the ratio of medians", () => {
  // The machine was slow in the last round, for both.
  const { ratio, low, high } = evaluate({ ours: [10, 12, 30], peers: [10, 10, 60] });
  deepEqual({ ratio, low, high }, { ratio: 1, low: 0.5, high: 1.2 });
});

Deno.test("a goal is a bound of the ratio", () => {
  const rounds = { ours: [98], peers: [100] };
  equal(evaluate({ ...rounds, goal: { be: "at least", ratio: 0.98 } }).met, true);
  equal(evaluate({ ...rounds, goal: { be: "at least", ratio: 0.99 } }).met, false);
  equal(evaluate({ ...rounds, goal: { be: "at most", ratio: 0.9 } }).met, false);
  equal(evaluate(rounds).met, undefined);
});

Deno.test("values that were not measured in turns cannot be compared", () => {
  throws(() => evaluate({ ours: [1, 2], peers: [1] }), RangeError);
});

Deno.test("half of the time is twice as good", () => {
  const rounds = { what: "", measure: "", unit: "ms", peer: "", ours: [1, 2, 4], peers: [4, 4, 4] };
  deepEqual(advantage({ ...rounds, goal: { be: "at most", ratio: 2 } }), {
    ...{ times: 2, low: 1, high: 4, goal: 0.5, met: true },
  });
  equal(advantage({ ...rounds, goal: { be: "at least", ratio: 2 } })?.times, 0.5);
  equal(advantage(rounds), undefined);
});
