import { equal } from "node:assert/strict";
import { median, quantile, rateAt, slope } from "./statistics.ts";

Deno.test("the median of an even number of values is between the middle two", () => {
  equal(median([4, 1, 3, 2]), 2.5);
});

Deno.test("a quantile does not depend on the order of its values", () => {
  equal(quantile([5, 4, 3, 2, 1], 0.5), 3);
  equal(quantile([...Array(101).keys()].toReversed(), 0.99), 99);
});

Deno.test("the rate at a p99 lies between the loads that were measured", () => {
  const curve = [{ rate: 1000, p99: 1 }, { rate: 2000, p99: 2 }, { rate: 3000, p99: 6 }];
  equal(rateAt(curve, 2), 2000);
  equal(rateAt(curve, 4), 2500);
  equal(rateAt(curve, 10), 3000);
});

Deno.test("a server that is always slower has no rate at that p99", () => {
  equal(rateAt([{ rate: 1000, p99: 5 }], 4), undefined);
});

Deno.test("a load beyond the best one does not count against a server", () => {
  equal(rateAt([{ rate: 3000, p99: 2 }, { rate: 2500, p99: 3 }], 5), 3000);
});

Deno.test("what one more costs", () => {
  equal(slope([{ x: 0, y: 100 }, { x: 10, y: 120 }]), 2);
});
