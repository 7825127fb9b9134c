import { deepEqual, equal } from "node:assert/strict";
import { validate } from "./mod.ts";

Deno.test("given a body with several mistakes, all are reported, each with its place", () => {
  const result = validate("CreateView", {
    name: "Sales",
    subsets: [{ bucket: "lake", acess: "read" }, { prefix: 7 }],
    "a/b": 1,
  });
  deepEqual("errors" in result && [...result.errors].sort((a, b) => a.pointer.localeCompare(b.pointer)), [
    { pointer: "/a~1b", detail: "is not known" },
    { pointer: "/name", detail: 'must match pattern "^[a-z]([-a-z0-9]*[a-z0-9])?$"' },
    { pointer: "/subsets/0/acess", detail: "is not known" },
    { pointer: "/subsets/1/bucket", detail: "is missing" },
    { pointer: "/subsets/1/prefix", detail: "must be string" },
  ]);
});

Deno.test("given a valid spec, it comes back as it is", () => {
  const spec = { subsets: [{ bucket: "lake", prefix: "sales/2026/", access: "read" }], idleSeconds: 60 };
  deepEqual(validate("View", structuredClone(spec)), { value: spec });
});

Deno.test("given no more than what has no default, the configuration is whole", () => {
  const result = validate("Config", { namespace: "views" });
  equal("value" in result && result.value.baseHost, "localhost");
});

Deno.test("given something that is no object at all, the whole of it is the problem", () => {
  for (const value of [null, 7, "x", []]) {
    deepEqual(validate("View", value), { errors: [{ pointer: "", detail: "must be object" }] });
  }
});
