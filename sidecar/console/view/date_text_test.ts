import { deepEqual } from "node:assert/strict";
import { dateText } from "./date_text.ts";

Deno.test("a time is told to the minute, in UTC", () => {
  deepEqual(["2026-11-28T15:53:59.9Z", "2026-01-02T03:04:05+02:00", "soon"].map(dateText), [
    "28 Nov 2026, 15:53 UTC",
    "2 Jan 2026, 01:04 UTC",
    "soon",
  ]);
});
