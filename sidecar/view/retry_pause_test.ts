import { deepEqual, equal } from "node:assert/strict";
import { pauseAfter, remainingPause } from "./retry_pause.ts";

const createdAt = "2026-01-01T00:00:00Z";
const failedAt = "2026-01-01T00:01:00Z";
const failed = Date.parse(failedAt);

Deno.test("there is no pause after the first failure; then each is twice as long, five minutes at most", () => {
  deepEqual([0, 1, 2, 3, 4, 8, 9, 10, 5000].map(pauseAfter), [0, 0, 2, 4, 8, 128, 256, 300, 300]);
});

Deno.test("a pause counts from when the start failed, and ends", () => {
  const attempt = { createdAt, failedAt, failures: 3 };
  equal(remainingPause(attempt, failed), 8);
  equal(remainingPause(attempt, failed + 2_500), 6);
  equal(remainingPause(attempt, failed + 8_000), 0);
  equal(remainingPause(attempt, failed + 80_000), 0);
});

Deno.test("without a time of failure the pause counts from the begin of the start", () => {
  equal(remainingPause({ createdAt, failures: 3 }, Date.parse(createdAt) + 1_000), 7);
});

Deno.test("a clock that is behind Kubernetes' makes no pause longer", () => {
  equal(remainingPause({ createdAt, failedAt, failures: 3 }, failed - 60_000), 8);
});

Deno.test("an invalid time means no pause", () => {
  equal(remainingPause({ createdAt: "", failures: 3 }, failed), 0);
});
