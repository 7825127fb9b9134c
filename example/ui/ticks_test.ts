import assert from "node:assert/strict";
import { ticks } from "./ticks.ts";

Deno.test("an axis has round values that reach around its data", () => {
  assert.deepEqual(ticks(3, 97), [0, 25, 50, 75, 100]);
  assert.deepEqual(ticks(0, 1_034_000), [0, 500_000, 1_000_000, 1_500_000]);
  assert.deepEqual(ticks(-4, 8), [-5, 0, 5, 10]);
  assert.deepEqual(ticks(0, 0.3), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(0, 0), [0, 1]);
  assert.deepEqual(ticks(0, 100), [0, 25, 50, 75, 100]);
});
