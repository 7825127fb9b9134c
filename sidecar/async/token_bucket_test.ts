import { deepEqual } from "node:assert/strict";
import { TokenBucket } from "./token_bucket.ts";

Deno.test("a burst passes at once, then one token a second, and the bucket holds no more than a burst", () => {
  let now = 0;
  const bucket = new TokenBucket({ burst: 2, perSecond: 1, clock: () => now });
  const takes = (count: number) => Array.from({ length: count }, () => bucket.take());
  deepEqual(takes(3), [true, true, false]);
  now = 999;
  deepEqual(takes(1), [false]);
  now = 1_000;
  deepEqual(takes(2), [true, false]);
  now = 100_000;
  deepEqual(takes(3), [true, true, false]);
});
