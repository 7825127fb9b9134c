import assert from "node:assert/strict";
import { bytes, cell, count, duration, plural, short } from "./format.ts";

Deno.test("numbers are written for people", () => {
  assert.equal(count(1158740), "1,158,740");
  assert.equal(plural(1, "row"), "1 row");
  assert.equal(plural(0, "row"), "0 rows");
  assert.deepEqual([0, 999, 1000, 13_184_803, 999_600].map(bytes), ["0 B", "999 B", "1.0 kB", "13 MB", "1.0 MB"]);
  assert.deepEqual([2.34, 74.9, 1234, 12_345].map(duration), ["2.3 ms", "75 ms", "1.23 s", "12.3 s"]);
  assert.deepEqual([0, 950, 12_000, -3_400_000, 0.25].map(short), ["0", "950", "12k", "-3.4M", "0.25"]);
});

Deno.test("cells say what a value is", () => {
  assert.equal(cell(new Date("2026-01-31T12:30:00Z")), "2026-01-31 12:30:00");
  assert.equal(cell(new Date("2026-01-31T00:00:00Z")), "2026-01-31");
  assert.equal(cell(new Date("2026-01-31T00:00:00.250Z")), "2026-01-31 00:00:00.25");
  assert.equal(cell(2026010000000n), "2026010000000");
  assert.equal(cell(0.1 + 0.2), "0.3");
  assert.equal(cell({ a: 1n }), '{"a":"1"}');
  assert.equal(cell(new Uint8Array(3)), "3 bytes");
  assert.equal(cell(false), "false");
});
