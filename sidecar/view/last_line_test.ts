import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { lastLine } from "./last_line.ts";

Deno.test("the last line that is not empty", () => {
  equal(lastLine("starting\nno such file: /data\n\n  \r\n"), "no such file: /data");
  equal(lastLine("50 %\r100 %\r"), "100 %");
  equal(lastLine(""), "");
});

Deno.test("colours are removed", () => {
  equal(lastLine("\x1b[1;31merror\x1b[0m: gone\x07\n\x1b[0m\n"), "error: gone");
});

Deno.test("of any log the last line is one line of limited length without control characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (log) => {
    const line = lastLine(log);
    ok(line.length <= 301);
    // deno-lint-ignore no-control-regex -- they are what is looked for
    ok(!/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(line));
  }));
});
