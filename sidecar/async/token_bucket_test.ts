import { deepEqual } from "node:assert/strict";
import { Rate } from "./token_bucket.ts";

Deno.test("so many in one moment, then so many per second, and never more than that were saved up", () => {
  let now = 0;
  const rate = new Rate({ burst: 2, perSecond: 1, now: () => now });
  const takes = (count: number) => Array.from({ length: count }, () => rate.take());
  deepEqual(takes(3), [true, true, false]);
  now = 999;
  deepEqual(takes(1), [false]);
  now = 1_000;
  deepEqual(takes(2), [true, false]);
  now = 100_000;
  deepEqual(takes(3), [true, true, false]);
});
