import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { lastLine, lastLines } from "./last_line.ts";

Deno.test("the last line that is not empty", () => {
  equal(lastLine("starting\nno such file: /data\n\n  \r\n"), "no such file: /data");
  equal(lastLine("50 %\r100 %\r"), "100 %");
  equal(lastLine(""), "");
});

Deno.test("colours are removed", () => {
  equal(lastLine("\x1b[1;31merror\x1b[0m: gone\x07\n\x1b[0m\n"), "error: gone");
});

Deno.test("the last lines keep their order and their indentation, without empty lines at both ends", () => {
  deepEqual(lastLines("\n\r\nTraceback:\r\n  File a.py\n\n\x1b[31mIOError: gone\x1b[0m  \n\n"), [
    ...["Traceback:", "  File a.py", "", "IOError: gone"],
  ]);
  deepEqual(lastLines(""), []);
  deepEqual(lastLines("\n\x1b[0m\n"), []);
});

Deno.test("links and titles of terminals are removed, and what turns the direction of text", () => {
  equal(
    lastLine("\x1b]8;;https://example.test\x1b\\a link\x1b]8;;\x07 \x1b]0;title\x07\u202egnp.exe"),
    "a link gnp.exe",
  );
});

Deno.test("of any log the last lines are few, and have no control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 20_000 }), fc.constantFrom("\n", "", "x"), (log, glue) => {
      const lines = lastLines([...log].join(glue));
      ok(lines.length <= 100);
      ok(lines.join("").length <= 8_000);
      // deno-lint-ignore no-control-regex -- they are what is looked for
      ok(lines.every((line) => !/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e]/.test(line) && line.isWellFormed()));
    }),
  );
});

Deno.test("of any log the last line is one line of limited length without control characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (log) => {
    const line = lastLine(log);
    ok(line.length <= 301);
    // deno-lint-ignore no-control-regex -- they are what is looked for
    ok(!/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(line));
  }));
});
