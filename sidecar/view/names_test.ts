import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { Names } from "./names.ts";

Deno.test("after any additions and deletions a page is that of a sorted array", () => {
  const name = fc.stringMatching(/^[a-c]{0,3}$/);
  const step = fc.record({ kind: fc.constantFrom("add", "delete", "page"), name, limit: fc.nat(5) });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const names = new Names();
    const model = new Set<string>();
    for (const { kind, name, limit } of steps) {
      if (kind === "add") {
        names.add(name);
        model.add(name);
      } else if (kind === "delete") {
        names.delete(name);
        model.delete(name);
      } else {
        deepEqual(names.page(name, limit), [...model].sort().filter((other) => other > name).slice(0, limit));
      }
    }
    deepEqual(names.page("", 100), [...model].sort().filter((other) => other > ""));
  }));
});

Deno.test("the pages together contain each name once", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/)), fc.integer({ min: 1, max: 7 }), (all, limit) => {
      const names = new Names();
      for (const name of all) names.add(name);
      const paged: string[] = [];
      for (let page = names.page("", limit); page.length > 0; page = names.page(page.at(-1)!, limit)) {
        paged.push(...page);
      }
      deepEqual(paged, all.toSorted());
    }),
  );
});
