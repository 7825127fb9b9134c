import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { merged } from "./merge_patch.ts";

Deno.test("a merge patch does what the examples of RFC 7396 say", () => {
  // https://www.rfc-editor.org/rfc/rfc7396#appendix-A
  const examples: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [["a", "b"], ["c", "d"], ["c", "d"]],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of examples) deepEqual(merged(target, patch), result, JSON.stringify(patch));
});

Deno.test("a patch twice is a patch once, and neither value is changed", () => {
  const json = fc.object({ maxDepth: 3, values: [fc.string(), fc.integer(), fc.constant(null)] });
  fc.assert(fc.property(json, json, (target, patch) => {
    const before = structuredClone([target, patch]);
    const once = merged(target, patch);
    deepEqual(merged(once, patch), once);
    deepEqual([target, patch], before);
  }));
});

Deno.test("a member called __proto__ is a member like others, and changes no prototype", () => {
  const result = merged({ a: 1 }, JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')) as object;
  deepEqual(Object.keys(result), ["a", "__proto__", "constructor"]);
  equal(Object.getPrototypeOf(result), Object.prototype);
  equal("polluted" in {}, false);
});

Deno.test("a patch as deep as a body can be ends no process", () => {
  const depth = 200_000;
  merged({}, JSON.parse('{"a":'.repeat(depth) + "1" + "}".repeat(depth)));
});
