import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { ByName } from "./by_name.ts";

Deno.test("after any changes and deletions a page is that of a sorted array", () => {
  const name = fc.stringMatching(/^[a-c]{0,3}$/);
  const step = fc.record({ kind: fc.constantFrom("set", "delete", "page"), name, limit: fc.nat(5), value: fc.nat(9) });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const values = new ByName<number>();
    const model = new Map<string, number>();
    const expected = (after: string, limit: number) =>
      [...model.keys()].sort().filter((name) => name > after).slice(0, limit).map((name) => model.get(name));
    for (const { kind, name, limit, value } of steps) {
      if (kind === "set") {
        values.set(name, value);
        model.set(name, value);
      } else if (kind === "delete") {
        values.delete(name);
        model.delete(name);
      } else deepEqual(values.page(name, limit), expected(name, limit));
    }
    deepEqual(values.page("", 100), expected("", 100));
  }));
});

Deno.test("the pages together contain each value once", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/)), fc.integer({ min: 1, max: 7 }), (all, limit) => {
      const names = new ByName<string>();
      for (const name of all) names.set(name, name);
      const paged: string[] = [];
      for (let page = names.page("", limit); page.length > 0; page = names.page(page.at(-1)!, limit)) {
        paged.push(...page);
      }
      deepEqual(paged, all.toSorted());
    }),
  );
});
