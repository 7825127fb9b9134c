import { equal, throws } from "node:assert/strict";
import { servingSince } from "./serving_since.ts";

Deno.test("a view serves since it has said so, to the microsecond", () => {
  const log = `starting\n{"time":"2026-01-01T00:00:01.123456789Z","level":"INFO","msg":"serving"}\n`;
  equal(servingSince(log).toFixed(3), (Date.parse("2026-01-01T00:00:01Z") + 123.456789).toFixed(3));
});

Deno.test("a time zone and whole seconds are understood", () => {
  equal(servingSince(`{"time":"2026-01-01T01:00:00+01:00","msg":"serving"}`), Date.parse("2026-01-01T00:00:00Z"));
});

Deno.test("a log that does not say it is an error with the log", () => {
  throws(() => servingSince("cannot listen"), /cannot listen/);
});
