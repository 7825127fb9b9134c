import { equal } from "node:assert/strict";
import { executable, exitStatus, withPath } from "./command_line.ts";

Deno.test("deno is the one that runs this, wherever it is", () => {
  equal(executable("deno"), Deno.execPath());
  equal(executable("vitest"), "vitest");
});

Deno.test("a directory comes first on a search path", () => {
  equal(withPath("/a", "/b:/c"), "/a:/b:/c");
  equal(withPath("/a", ""), "/a");
  equal(withPath(undefined, "/b"), "/b");
});

Deno.test("a command that a signal ended has the status that a shell gives it", () => {
  equal(exitStatus({ code: 3, signal: null }), 3);
  equal(exitStatus({ code: 143, signal: "SIGTERM" }), 143);
  equal(exitStatus({ code: 0, signal: "SIGINT" }), 130);
});
