import { deepEqual, throws } from "node:assert/strict";
import { newView, subsetOf } from "./new_view.ts";

Deno.test("a subset is a bucket and a prefix, and says where the view may write", () => {
  deepEqual(["lake", "lake/", "lake/sales/2025", "lake/a:b/:readwrite", "lake:read", "lake//x"].map(subsetOf), [
    { bucket: "lake" },
    { bucket: "lake" },
    { bucket: "lake", prefix: "sales/2025" },
    { bucket: "lake", prefix: "a:b/", access: "readwrite" },
    { bucket: "lake" },
    { bucket: "lake", prefix: "/x" },
  ]);
  for (const text of ["", "/sales", "lake:write", ":readwrite"]) throws(() => subsetOf(text), /BUCKET\/PREFIX/, text);
});

Deno.test("a body has only what the options say", () => {
  deepEqual(newView("sales", {}), { name: "sales", subsets: [] });
  const subset = [{ bucket: "lake" }];
  const all = {
    ...{ subset, template: "duckdb", idle: 300, lifetime: 900 },
    ...{ shareUser: ["ada"], shareGroup: ["team"], everyone: true, public: true },
  };
  deepEqual(newView("sales", all), {
    ...{ name: "sales", template: "duckdb", subsets: subset, idleSeconds: 300, maxLifetimeSeconds: 900 },
    ...{ access: { users: ["ada"], groups: ["team"], everyone: true }, public: true },
  });
});
