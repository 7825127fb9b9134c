import { equal } from "node:assert/strict";
import type { StartAttempt } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { RefusedStarts } from "./refused_starts.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const cause = { reason: "Forbidden", message: "exceeded quota" };
const view = (uid: string, attempt?: StartAttempt) => viewState(undefined, { uid, ...attempt && { attempt } });
const attempted = (createdAt: string) => view("service-1", { createdAt, failures: 0 });

Deno.test("a refusal is the view's last failure until the snapshot shows a later attempt", () => {
  const refusals = new RefusedStarts();
  equal(refusals.of(view("service-1")), undefined);
  refusals.record(view("service-1"), { cause, failures: 2, digest: "abc", now });
  equal(refusals.of(view("service-1"))?.attempt.failures, 2);
  equal(refusals.of(attempted("2025-12-31T23:59:59Z"))?.cause, cause);
  equal(refusals.of(attempted("2026-01-01T00:00:01Z")), undefined);
  equal(refusals.of(view("service-2")), undefined);
});

Deno.test("above the limit, the oldest refusals are forgotten", () => {
  const refusals = new RefusedStarts();
  for (let i = 0; i <= 1_000; i++) {
    refusals.record(view(`service-${i}`), { cause, failures: 0, digest: "abc", now });
  }
  equal(refusals.of(view("service-0")), undefined);
  equal(refusals.of(view("service-1"))?.cause, cause);
});
