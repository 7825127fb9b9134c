import { deepEqual, equal } from "node:assert/strict";
import { Returns } from "./passed_requests.ts";

Deno.test("a request that has passed is known when it comes again, by when it came first", () => {
  const returns = new Returns(1_000);
  equal(returns.came("a"), undefined);
  returns.passes("a", 5, 10);
  returns.passes("b", 20, 20);
  returns.passes("a", 5, 30);
  deepEqual([returns.came("a"), returns.came("b")], [5, 20]);
});

Deno.test("one that does not come again is forgotten after a time", () => {
  const returns = new Returns(1_000);
  returns.passes("a", 0, 0);
  returns.passes("b", 1, 1);
  // It came again meanwhile, and stays.
  returns.passes("a", 0, 500);
  returns.passes("c", 1_001, 1_001);
  deepEqual(["a", "b", "c"].map((id) => returns.came(id)), [0, undefined, 1_001]);
});

Deno.test("of too many the oldest are forgotten", () => {
  const returns = new Returns(1_000);
  for (let i = 0; i <= 10_000; i++) returns.passes(String(i), i / 100, i / 100);
  deepEqual([returns.came("0"), returns.came("1")], [undefined, 0.01]);
});
