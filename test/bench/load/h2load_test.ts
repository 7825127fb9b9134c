import { deepEqual, throws } from "node:assert/strict";
import { answered } from "./h2load.ts";

Deno.test("requests of the first moments, and those that end too late, do not count", () => {
  const log = ["1000000\t200\t9000", "1600000\t200\t1000", "1700000\t200\t3000", "2400000\t200\t200000"].join("\n");
  const { rate, p50, p99 } = answered(log, 0.5, 1);
  deepEqual({ rate, p50, p99: Math.round(p99) }, { rate: 2, p50: 2, p99: 3 });
});

Deno.test("an answer that is not 200 is no answer", () => {
  throws(() => answered("1\t200\t5\n2\t503\t5", 0, 1), /503/);
});
