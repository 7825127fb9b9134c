import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { Places } from "./quota.ts";

const ofView = (limit: number) => ({ of: "view", limit });
const ofAll = (limit: number) => ({ of: "all", limit });

Deno.test("a view has so many places, and all views together have so many", () => {
  const places = new Places({ perView: 2, inAll: 3 });
  const entered = ["a", "a", "a", "b", "b"].map((view) => places.enter(view));
  deepEqual(entered, [undefined, undefined, ofView(2), undefined, ofAll(3)]);
  equal(places.taken, 3);
  places.leave("a");
  equal(places.enter("b"), undefined);
  deepEqual(places.enter("a"), ofAll(3));
});

Deno.test("who needs several places gets all of them or none", () => {
  const places = new Places({ perView: 5, inAll: 8 });
  deepEqual([places.enter("a", 4), places.enter("a", 2), places.enter("b", 5)], [undefined, ofView(5), ofAll(8)]);
  deepEqual([places.enter("a", 1), places.enter("b", 3), places.taken], [undefined, undefined, 8]);
  places.leave("a", 4);
  deepEqual([places.enter("b", 2), places.taken], [undefined, 6]);
});

Deno.test("who needs none is never in the way, nor counted", () => {
  const places = new Places({ perView: 1, inAll: 1 });
  places.enter("a");
  deepEqual([places.enter("a", 0), places.enter("b", 0), places.has("b")], [undefined, undefined, false]);
  places.leave("b", 0);
  deepEqual([places.taken, [...places.views]], [1, ["a"]]);
});

Deno.test("a view whose last place is left has none", () => {
  const places = new Places({ perView: 2, inAll: 3 });
  places.enter("a");
  places.enter("a");
  places.enter("b");
  places.leave("a");
  deepEqual([[...places.views], places.has("a")], [["a", "b"], true]);
  places.leave("a");
  deepEqual([[...places.views], places.has("a")], [["b"], false]);
});

Deno.test("who leaves without a place makes no room for others", () => {
  const places = new Places({ perView: 1, inAll: 1 });
  places.leave("a");
  deepEqual([places.taken, places.enter("a"), places.enter("b")], [0, undefined, ofAll(1)]);
});

Deno.test("whoever comes and goes, the count is of those who have a place", () => {
  const step = fc.record({ view: fc.constantFrom("a", "b", "c"), enters: fc.boolean() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const places = new Places({ perView: 3, inAll: 5 });
    const inside: string[] = [];
    for (const { view, enters } of steps) {
      const own = inside.filter((other) => other === view).length;
      if (enters) {
        const full = places.enter(view);
        deepEqual(full, own >= 3 ? ofView(3) : inside.length >= 5 ? ofAll(5) : undefined);
        if (full === undefined) inside.push(view);
      } else {
        places.leave(view);
        if (own > 0) inside.splice(inside.indexOf(view), 1);
      }
      equal(places.taken, inside.length);
      deepEqual([...places.views].toSorted(), [...new Set(inside)].toSorted());
    }
  }));
});
