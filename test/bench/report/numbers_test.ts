import { equal } from "node:assert/strict";
import { ratio, shown } from "./numbers.ts";

Deno.test("numbers have three digits that count", () => {
  equal(shown(0), "0");
  equal(shown(0.0784321), "0.0784");
  equal(shown(4.5678), "4.57");
  equal(shown(45.678), "45.7");
  equal(shown(456.78), "457");
  equal(shown(12345.6), "12\u202f300");
  equal(shown(9_999_999), "10\u202f000\u202f000");
});

Deno.test("a ratio has two decimals, as goals have", () => {
  equal(ratio(0.9876), "0.99");
  equal(ratio(1), "1.00");
  equal(ratio(12.345), "12.3");
});
