import assert from "node:assert/strict";
import { timeline } from "./timeline.ts";

Deno.test("a timeline tells when, how long after the step before, and how that is known", () => {
  const text = timeline([
    { what: "request in", at: 1000.2, how: "client" },
    { what: "Job created", at: undefined, how: "watch" },
    { what: "first byte out", at: 2234.5, how: "client" },
  ]);
  assert.deepEqual(text.split("\n"), [
    "     0 ms     +0 ms  request in      client",
    "        –            Job created     not seen: watch",
    "  1234 ms  +1234 ms  first byte out  client",
  ]);
});
