import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { Held } from "./held.ts";

Deno.test("a view has so many places, and all views together have so many", () => {
  const held = new Held({ perView: 2, inAll: 3 });
  deepEqual(["a", "a", "a", "b", "b"].map((view) => held.enter(view)), [undefined, undefined, 2, undefined, 3]);
  equal(held.all, 3);
  held.leave("a");
  equal(held.enter("b"), undefined);
  equal(held.enter("a"), 3);
});

Deno.test("a view that nobody waits for any more is none that is waited for", () => {
  const held = new Held({ perView: 2, inAll: 3 });
  held.enter("a");
  held.enter("a");
  held.enter("b");
  held.leave("a");
  deepEqual([[...held.views], held.has("a")], [["a", "b"], true]);
  held.leave("a");
  deepEqual([[...held.views], held.has("a")], [["b"], false]);
});

Deno.test("whoever comes and goes, the count is of those who have a place", () => {
  const step = fc.record({ view: fc.constantFrom("a", "b", "c"), enters: fc.boolean() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const held = new Held({ perView: 3, inAll: 5 });
    const inside: string[] = [];
    for (const { view, enters } of steps) {
      const ofView = inside.filter((other) => other === view).length;
      if (enters) {
        const limit = held.enter(view);
        equal(limit, ofView >= 3 ? 3 : inside.length >= 5 ? 5 : undefined);
        if (limit === undefined) inside.push(view);
      } else if (ofView > 0) {
        held.leave(view);
        inside.splice(inside.indexOf(view), 1);
      }
      equal(held.all, inside.length);
      deepEqual([...held.views].toSorted(), [...new Set(inside)].toSorted());
    }
  }));
});
