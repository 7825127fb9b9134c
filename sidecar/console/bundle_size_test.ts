import { ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import script from "../gen/console.js" with { type: "text" };

const LIMIT_KB = 60;

Deno.test("what a browser loads for the console is small", () => {
  const kilobytes = gzipSync(script, { level: 9 }).length / 1000;
  console.log(`console.js: ${kilobytes.toFixed(1)} kB with gzip`);
  ok(kilobytes < LIMIT_KB, `${kilobytes} kB`);
});
