import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { Quota } from "./quota.ts";

const ofOne = (limit: number) => ({ of: "one", limit });
const ofAll = (limit: number) => ({ of: "all", limit });

Deno.test("one view has a limit, and all views together have one", () => {
  const quota = new Quota({ each: 2, total: 3 });
  const results = ["a", "a", "a", "b", "b"].map((view) => quota.acquire(view));
  deepEqual(results, [undefined, undefined, ofOne(2), undefined, ofAll(3)]);
  equal(quota.used, 3);
  quota.release("a");
  equal(quota.acquire("b"), undefined);
  deepEqual(quota.acquire("a"), ofAll(3));
});

Deno.test("several units are acquired together or not at all", () => {
  const quota = new Quota({ each: 5, total: 8 });
  deepEqual([quota.acquire("a", 4), quota.acquire("a", 2), quota.acquire("b", 5)], [undefined, ofOne(5), ofAll(8)]);
  deepEqual([quota.acquire("a", 1), quota.acquire("b", 3), quota.used], [undefined, undefined, 8]);
  quota.release("a", 4);
  deepEqual([quota.acquire("b", 2), quota.used], [undefined, 6]);
});

Deno.test("acquiring no unit always succeeds and counts for nothing", () => {
  const quota = new Quota({ each: 1, total: 1 });
  quota.acquire("a");
  deepEqual([quota.acquire("a", 0), quota.acquire("b", 0), quota.has("b")], [undefined, undefined, false]);
  quota.release("b", 0);
  deepEqual([quota.used, [...quota.holders]], [1, ["a"]]);
});

Deno.test("a view that has released its last unit uses none", () => {
  const quota = new Quota({ each: 2, total: 3 });
  quota.acquire("a");
  quota.acquire("a");
  quota.acquire("b");
  quota.release("a");
  deepEqual([[...quota.holders], quota.has("a")], [["a", "b"], true]);
  quota.release("a");
  deepEqual([[...quota.holders], quota.has("a")], [["b"], false]);
});

Deno.test("a release without an acquire makes no room", () => {
  const quota = new Quota({ each: 1, total: 1 });
  quota.release("a");
  deepEqual([quota.used, quota.acquire("a"), quota.acquire("b")], [0, undefined, ofAll(1)]);
});

Deno.test("after any acquires and releases, the count is what is acquired and not yet released", () => {
  const step = fc.record({ view: fc.constantFrom("a", "b", "c"), acquires: fc.boolean() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const quota = new Quota({ each: 3, total: 5 });
    const acquired: string[] = [];
    for (const { view, acquires } of steps) {
      const own = acquired.filter((other) => other === view).length;
      if (acquires) {
        const exceeded = quota.acquire(view);
        deepEqual(exceeded, own >= 3 ? ofOne(3) : acquired.length >= 5 ? ofAll(5) : undefined);
        if (exceeded === undefined) acquired.push(view);
      } else {
        quota.release(view);
        if (own > 0) acquired.splice(acquired.indexOf(view), 1);
      }
      equal(quota.used, acquired.length);
      deepEqual([...quota.holders].toSorted(), [...new Set(acquired)].toSorted());
    }
  }));
});
