import assert from "node:assert/strict";
import { distributionOf } from "./distribution.ts";

Deno.test("names are counted, the rare ones together", () => {
  assert.deepEqual(distributionOf("channel", ["web", "app", "web", null])?.bars, [
    { label: "web", value: 2 },
    { label: "app", value: 1 },
  ]);
  const many = Array.from({ length: 40 }, (_, index) => `name ${index}`);
  assert.deepEqual(distributionOf("name", many)?.bars.at(-1), { label: "25 others", value: 25 });
});

Deno.test("few numbers have a bar each, many are binned between round limits", () => {
  assert.deepEqual(distributionOf("quantity", [2, 1, 2n])?.bars, [{ label: "1", value: 1 }, { label: "2", value: 2 }]);
  const bars = distributionOf("amount", Array.from({ length: 1000 }, (_, index) => index / 10))?.bars ?? [];
  assert.deepEqual(bars[0], { label: "0", value: 25 });
  assert.equal(bars.length, 40);
  assert.equal(bars.reduce((sum, { value }) => sum + value, 0), 1000);
});

Deno.test("moments are binned by the clock", () => {
  const days = Array.from({ length: 31 }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index, index % 24)));
  const bars = distributionOf("ordered_at", days)?.bars ?? [];
  assert.deepEqual(bars[0], { label: "2026-01-01", value: 1 });
  assert.equal(bars.length, 31);
});

Deno.test("what has no order and no name has no chart", () => {
  assert.equal(distributionOf("payload", [new Uint8Array(1)]), undefined);
  assert.equal(distributionOf("empty", [null]), undefined);
});
