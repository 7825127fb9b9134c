import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  mergeSignedOut,
  NOBODY_SIGNED_OUT,
  notBefore,
  pruneSignedOut,
  type SignedOut,
  subjectOf,
} from "./signed_out.ts";

const out = (subjects: Record<string, number>, everybody = 0): SignedOut => ({
  everybody,
  subjects: new Map(Object.entries(subjects).map(([user, time]) => [subjectOf(user), time])),
});

Deno.test("only the person who has signed out is signed out", () => {
  equal(notBefore(out({ ada: 100 }), "ada"), 100);
  equal(notBefore(out({ ada: 100 }), "bob"), 0);
});

Deno.test("a subject tells no name", () => {
  ok(!subjectOf("ada@example.com").includes("ada"));
  equal(subjectOf("x".repeat(10_000)).length, 22);
});

Deno.test("entries whose sessions are all over are dropped", () => {
  const pruned = pruneSignedOut(out({ old: 100, young: 101 }), 1_100, 1_000);
  deepEqual([...pruned.subjects.keys()], [subjectOf("young")]);
  equal(pruned.everybody, 0);
});

Deno.test("where too many have signed out, the oldest entries end the sessions of everybody who is in as long", () => {
  const pruned = pruneSignedOut(out({ a: 10, b: 20, c: 30, d: 40 }), 50, 1_000, 2);
  equal(pruned.subjects.size, 2);
  equal(pruned.everybody, 20);
  for (const user of ["a", "b"]) equal(notBefore(pruned, user), 20);
  equal(notBefore(pruned, "somebody else"), 20);
  equal(notBefore(pruned, "d"), 40);
});

const users = fc.constantFrom("a", "b", "c", "d", "e", "f");
const anySignedOut = fc.record({ everybody: fc.nat(50), people: fc.dictionary(users, fc.nat(1_000)) })
  .map(({ everybody, people }) => out(people, everybody));

Deno.test("no merge and no dropping of entries undoes a sign-out while a session could go on", () => {
  fc.assert(
    fc.property(
      anySignedOut,
      anySignedOut,
      fc.nat(2_000),
      fc.integer({ min: 1, max: 6 }),
      users,
      (a, b, now, limit, user) => {
        const life = 500;
        const before = Math.max(notBefore(a, user), notBefore(b, user));
        const after = notBefore(pruneSignedOut(mergeSignedOut(a, b), now, life, limit), user);
        // A session that began before `before` is over by itself unless it is younger than `life`.
        ok(after >= before || before + life <= now, `${before} became ${after}`);
      },
    ),
  );
});

Deno.test("the number of entries is bounded", () => {
  fc.assert(fc.property(anySignedOut, (all) => {
    ok(pruneSignedOut(all, 0, 10_000, 3).subjects.size <= 3);
  }));
  deepEqual(pruneSignedOut(NOBODY_SIGNED_OUT, 5, 5), NOBODY_SIGNED_OUT);
});
