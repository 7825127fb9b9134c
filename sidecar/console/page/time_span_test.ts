import { deepEqual, equal } from "node:assert/strict";
import { agoText, spanOf, untilText } from "./time_span.ts";

/** Without the spaces that hold a number and its unit together. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

Deno.test("a span has its two largest units", () => {
  const seconds = [0, 59, 60, 61, 599, 600, 659, 3600, 3660, 86_399, 86_400, 200_000];
  deepEqual(seconds.map((seconds) => plain(spanOf(seconds * 1000))), [
    "0 s",
    "59 s",
    "1 min",
    "1 min 1 s",
    "9 min 59 s",
    "10 min",
    "10 min",
    "1 h",
    "1 h 1 min",
    "23 h 59 min",
    "1 day",
    "2 days",
  ]);
});

Deno.test("what is over and what comes is told as seen from now", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  equal(plain(agoText("2025-12-31T23:55:00Z", now)), "5 min ago");
  equal(agoText("2026-01-01T00:00:05Z", now), "now");
  equal(plain(untilText("2026-01-01T00:00:30Z", now)), "in 30 s");
  equal(untilText("2025-12-31T23:00:00Z", now), "now");
});
