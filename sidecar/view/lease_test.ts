import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { drainsAt, leaseProblems, renewal, termsOf } from "./lease.ts";
import { leaseBounds as bounds } from "./testing/lease_bounds.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const terms = { idle: 900, lifetime: 604_800 };
const lease = { startedAt: START, activeDeadlineSeconds: 900 };
const after = (seconds: number) => START + seconds * 1000;

Deno.test("a view's terms are those of its spec or the gateway; its idle time is at most its lifetime", () => {
  deepEqual(termsOf({ subsets: [] }, bounds), { idle: 900, lifetime: 604_800 });
  deepEqual(termsOf({ subsets: [], idleSeconds: 20, maxLifetimeSeconds: 30 }, bounds), { idle: 20, lifetime: 30 });
  deepEqual(termsOf({ subsets: [], idleSeconds: 60, maxLifetimeSeconds: 30 }, bounds), { idle: 30, lifetime: 30 });
});

Deno.test("a view of the shortest lifetime takes requests for most of it, whatever its idle time", () => {
  const terms = termsOf({ subsets: [], maxLifetimeSeconds: 10 }, bounds);
  equal(drainsAt({ startedAt: START, activeDeadlineSeconds: terms.idle }, terms), after(7.5));
});

Deno.test("a lease is renewed when less than half of the idle time is left", () => {
  equal(renewal(lease, terms, after(400), 5_000), undefined);
  equal(renewal(lease, terms, after(500), 5_000), 1_400);
});

Deno.test("a lease never outlasts the view's lifetime, and is not renewed at its end", () => {
  equal(renewal(lease, { idle: 900, lifetime: 1_000 }, after(500), 5_000), 1_000);
  equal(
    renewal({ ...lease, activeDeadlineSeconds: 1_000 }, { idle: 900, lifetime: 1_000 }, after(990), 5_000),
    undefined,
  );
});

Deno.test("a view stops taking requests ten seconds before its end, or a quarter of a short idle time", () => {
  equal(drainsAt(lease, terms), after(890));
  equal(drainsAt({ ...lease, activeDeadlineSeconds: 20 }, { ...terms, idle: 20 }), after(15));
});

Deno.test("a view with traffic in every load report is never drained, whatever its idle time", () => {
  const look = 5_000;
  fc.assert(fc.property(fc.integer({ min: 10, max: 3_600 }), fc.integer({ min: 0, max: look - 1 }), (idle, phase) => {
    const terms = { idle, lifetime: Infinity };
    let lease = { startedAt: START, activeDeadlineSeconds: idle };
    for (let now = START + phase; now < START + idle * 4_000; now += look) {
      ok(now < drainsAt(lease, terms), `drained at ${(now - START) / 1000} s`);
      const activeDeadlineSeconds = renewal(lease, terms, now, look);
      if (activeDeadlineSeconds !== undefined) lease = { ...lease, activeDeadlineSeconds };
    }
  }));
});

Deno.test("a duration out of bounds is a problem of its member; the bounds themselves are allowed", () => {
  deepEqual(leaseProblems({}, bounds), []);
  for (const [idleSeconds, maxLifetimeSeconds] of [[10, 604_800], [86_400, 10]] as const) {
    deepEqual(leaseProblems({ idleSeconds, maxLifetimeSeconds }, bounds), []);
  }
  for (const [idleSeconds, maxLifetimeSeconds] of [[9, 604_801], [86_401, 9], [-1, 0]] as const) {
    deepEqual(leaseProblems({ idleSeconds, maxLifetimeSeconds }, bounds), [
      { pointer: "/idleSeconds", detail: "must be from 10 to 86400 seconds" },
      {
        pointer: "/maxLifetimeSeconds",
        detail: "must be from 10 to 604800 seconds: a view needs time to start",
      },
    ]);
  }
});
