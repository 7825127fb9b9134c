import { deepEqual, throws } from "node:assert/strict";
import { durationText, secondsOf } from "./duration.ts";

Deno.test("a duration is a number of seconds, or has units as kubectl's", () => {
  deepEqual(["90", "90s", "5m", "1h30m", "2d", "0s"].map(secondsOf), [90, 90, 300, 5_400, 172_800, 0]);
  for (const text of ["", "-5s", "1.5h", "5 m", "5w", "m", "1h30", "9999999999s"]) {
    throws(() => secondsOf(text), /It must be a duration, such as 90s/, text);
  }
});

Deno.test("a duration is shown as kubectl shows an age", () => {
  const shown = [0, 119.9, 120, 7_199, 7_200, 12_000, 28_800, 172_799, 172_800, -3].map(durationText);
  deepEqual(shown, ["0s", "119s", "2m", "119m", "2h", "3h20m", "8h", "47h", "2d", "0s"]);
});
