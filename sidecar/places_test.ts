import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { Places } from "./places.ts";

Deno.test("a view has so many places, and all views together have so many", () => {
  const places = new Places({ perView: 2, inAll: 3 });
  deepEqual(["a", "a", "a", "b", "b"].map((view) => places.enter(view)), [undefined, undefined, 2, undefined, 3]);
  equal(places.taken, 3);
  places.leave("a");
  equal(places.enter("b"), undefined);
  equal(places.enter("a"), 3);
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

Deno.test("whoever comes and goes, the count is of those who have a place", () => {
  const step = fc.record({ view: fc.constantFrom("a", "b", "c"), enters: fc.boolean() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const places = new Places({ perView: 3, inAll: 5 });
    const inside: string[] = [];
    for (const { view, enters } of steps) {
      const ofView = inside.filter((other) => other === view).length;
      if (enters) {
        const limit = places.enter(view);
        equal(limit, ofView >= 3 ? 3 : inside.length >= 5 ? 5 : undefined);
        if (limit === undefined) inside.push(view);
      } else if (ofView > 0) {
        places.leave(view);
        inside.splice(inside.indexOf(view), 1);
      }
      equal(places.taken, inside.length);
      deepEqual([...places.views].toSorted(), [...new Set(inside)].toSorted());
    }
  }));
});
