import { deepEqual } from "node:assert/strict";
import { validateView } from "./validate_view.ts";
import { leaseBounds } from "./testing/lease_bounds.ts";

/** Where something is wrong. */
function pointers(change: object): readonly string[] {
  const result = validateView("CreateView", { name: "hello", subsets: [], ...change }, leaseBounds);
  return "errors" in result ? result.errors.map(({ pointer }) => pointer) : [];
}

const subsets = (...prefixes: string[]) => ({ subsets: prefixes.map((prefix) => ({ bucket: "lake", prefix })) });

Deno.test("the schema's errors and the others are reported together, each member once", () => {
  deepEqual(
    pointers({ name: "Hello", color: "red", idleSeconds: 1, maxLifetimeSeconds: "long", ...subsets("a", "/") })
      .toSorted(),
    ["/color", "/idleSeconds", "/maxLifetimeSeconds", "/name", "/subsets/1/prefix"],
  );
  deepEqual(pointers({ idleSeconds: 1.5 }), ["/idleSeconds"]);
  deepEqual(pointers({ subsets: [{ bucket: "lake", prefix: 7 }, { bucket: "lake", prefix: "/" }] }), [
    "/subsets/0/prefix",
  ]);
});

Deno.test("a value that is no object is one mistake", () => {
  for (const value of [null, 7, "x", []]) {
    deepEqual(validateView("View", value, leaseBounds), {
      errors: [{ pointer: "", detail: "must be an object: { … }" }],
    });
  }
});

Deno.test("a subset that /_lake/ would refuse is a mistake", () => {
  for (const prefix of ["/", "/sales/", "sales//2026/", "a\\b/", ".", "..", "a/../b", "a\u0000", "\n"]) {
    deepEqual(pointers(subsets(prefix)), ["/subsets/0/prefix"], JSON.stringify(prefix));
  }
  deepEqual(pointers(subsets("", "sales", "sales/2026/", ".hidden/")), []);
});

Deno.test("a repeated subset is a mistake; one that covers another is not", () => {
  deepEqual(validateView("View", subsets("sales", "sales/"), leaseBounds), {
    errors: [{ pointer: "/subsets/1", detail: "is the same subset as /subsets/0" }],
  });
  const [read, write] = ["read", "readwrite"].map((access) => ({ bucket: "lake", access }));
  deepEqual(pointers({ subsets: [read, write, read] }), ["/subsets/1", "/subsets/2"]);
  deepEqual(pointers({ subsets: [{ bucket: "lake" }, { bucket: "lake-2" }, { bucket: "lake", prefix: "sales" }] }), []);
});

Deno.test("a valid spec is returned unchanged", () => {
  const spec = { ...subsets("sales"), idleSeconds: 60 };
  deepEqual(validateView("View", structuredClone(spec), leaseBounds), { value: spec });
});
