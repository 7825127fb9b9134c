import { equal } from "node:assert/strict";
import fc from "fast-check";
import { durationInWords, secondsIn, typedDuration } from "./duration.ts";

Deno.test("seconds that a form shows are the seconds that it sends", () => {
  fc.assert(fc.property(fc.nat(), (seconds) => equal(secondsIn(typedDuration(seconds)), seconds)));
});

Deno.test("a duration is shown in its largest whole unit", () => {
  const shown = (seconds: number) => Object.values(typedDuration(seconds)).join(" ");
  equal(shown(900), "15 minutes");
  equal(shown(86_400), "1 days");
  equal(shown(5_400), "90 minutes");
  equal(shown(61), "61 seconds");
  equal(shown(0), "0 seconds");
});

Deno.test("what is no number has no seconds", () => {
  for (const amount of ["", " ", "soon", "-1", "1e3", "1.", "9".repeat(30)]) {
    equal(secondsIn({ amount, unit: "minutes" }), undefined, amount);
  }
  equal(secondsIn({ amount: " 1,5 ", unit: "hours" }), 5_400);
  equal(secondsIn({ amount: "0.5", unit: "minutes" }), 30);
});

Deno.test("a duration is told in words", () => {
  equal(durationInWords(900), "15 minutes");
  equal(durationInWords(5_400), "1 hour 30 minutes");
  equal(durationInWords(90_061), "1 day 1 hour 1 minute 1 second");
  equal(durationInWords(0), "0 seconds");
});
