import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { drainsAt, firstLease, lifetimeProblems, renewal, termsOf } from "./lease.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const bounds = { idleSeconds: 900, minIdleSeconds: 10, maxIdleSeconds: 86_400, maxLifetimeSeconds: 604_800 };
const terms = { idle: 900, lifetime: 604_800 };
const lease = { startedAt: START, activeDeadlineSeconds: 900 };
const after = (seconds: number) => START + seconds * 1000;

Deno.test("a view's terms are its spec's, or the gateway's, within the gateway's bounds", () => {
  deepEqual(termsOf({ subsets: [] }, bounds), { idle: 900, lifetime: 604_800 });
  deepEqual(termsOf({ subsets: [], idleSeconds: 60, maxLifetimeSeconds: 30 }, bounds), { idle: 60, lifetime: 30 });
  deepEqual(termsOf({ subsets: [], idleSeconds: 1, maxLifetimeSeconds: 31_536_000 }, bounds), {
    idle: 10,
    lifetime: 604_800,
  });
  equal(termsOf({ subsets: [], idleSeconds: 604_800 }, bounds).idle, 86_400);
});

Deno.test("the first lease is the idle time, and never longer than the view may live", () => {
  equal(firstLease({ idle: 60, lifetime: 604_800 }), 60);
  equal(firstLease({ idle: 60, lifetime: 30 }), 30);
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

Deno.test("a view that has traffic at every look is never drained, whatever its idle time", () => {
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

Deno.test("what a view cannot have is told, member by member", () => {
  deepEqual(lifetimeProblems({}, bounds), []);
  deepEqual(lifetimeProblems({ idleSeconds: 10, maxLifetimeSeconds: 604_800 }, bounds), []);
  deepEqual(lifetimeProblems({ idleSeconds: 9, maxLifetimeSeconds: 604_801 }, bounds), [
    { pointer: "/idleSeconds", detail: "must be from 10 to 86400" },
    { pointer: "/maxLifetimeSeconds", detail: "must be 604800 or less" },
  ]);
});
