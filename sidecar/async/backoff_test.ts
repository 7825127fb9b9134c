import { deepEqual, equal, ok } from "node:assert/strict";
import { Backoff } from "./backoff.ts";

const longest = () => 1;
const shortest = () => 0;

Deno.test("each pause is twice as long as the one before, up to a limit", () => {
  const backoff = new Backoff(longest, 100, 1_000);
  deepEqual(Array.from({ length: 6 }, () => backoff.next()), [100, 200, 400, 800, 1_000, 1_000]);
});

Deno.test("after a reset the first pause is the shortest again", () => {
  const backoff = new Backoff(longest, 100, 1_000);
  backoff.next();
  backoff.next();
  backoff.reset();
  equal(backoff.next(), 100);
});

Deno.test("jitter shortens a pause by at most half", () => {
  const backoff = new Backoff(shortest, 100, 1_000);
  deepEqual([backoff.next(), backoff.next()], [50, 100]);
});

Deno.test("the peer's minimum counts up to the limit", () => {
  const backoff = new Backoff(longest, 100, 1_000);
  equal(backoff.next(700), 700);
  equal(backoff.next(60_000), 1_000);
  // The minimum counts for one pause only.
  ok(backoff.next() <= 400);
});
