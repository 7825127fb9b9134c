import { deepEqual, equal, throws } from "node:assert/strict";
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

/** Whether a view of this name, or with these members, may be created. */
function creatable(change: object): boolean {
  return "value" in validate("CreateView", { name: "hello", subsets: [], ...change });
}

Deno.test("a view's name is an RFC 1035 label, and nothing around it", () => {
  for (const name of ["a", "a1", "a-1", "a".repeat(63)]) equal(creatable({ name }), true, name);
  const not = ["", "1a", "-a", "a-", "A", "a.b", "a_b", "ä", "a\n", " a", "a".repeat(64), 7, null, ["a"]];
  for (const name of not) equal(creatable({ name }), false, JSON.stringify(name));
});

Deno.test("a subset names a bucket, a prefix and an access that there can be", () => {
  const subset = (change: object) => creatable({ subsets: [{ bucket: "lake", ...change }] });
  for (const prefix of ["", "sales/", "sales", "a*b?${x}", "ä/ö", "a b"]) equal(subset({ prefix }), true, prefix);
  for (const prefix of ["x".repeat(1_025), null]) equal(subset({ prefix }), false);
  for (const bucket of ["", "ab", "Lake", "lake/", "*", "-lake", "x".repeat(64)]) {
    equal(subset({ bucket }), false, bucket);
  }
  for (const access of ["read", "readwrite"]) equal(subset({ access }), true);
  for (const access of ["write", "READ", ""]) equal(subset({ access }), false, access);
  equal(creatable({ subsets: Array(64).fill({ bucket: "lake" }) }), true);
  equal(creatable({ subsets: Array(65).fill({ bucket: "lake" }) }), false);
});

Deno.test("seconds are whole, and what looks like a number is none; how many there may be is the gateway's to say", () => {
  for (const idleSeconds of [1.5, "60", null, true]) {
    equal(creatable({ idleSeconds }), false, String(idleSeconds));
  }
  equal(creatable({ idleSeconds: 60 }), true);
});

Deno.test("a template's name leads nowhere else", () => {
  for (const template of ["../secret", "a/b", ".", "", "A"]) equal(creatable({ template }), false, template);
  equal(creatable({ template: "duckdb-1" }), true);
});

Deno.test("a member of any name that is not known is a mistake, whatever JavaScript makes of it", () => {
  for (const name of ["toString", "constructor", "__proto__"]) {
    const body = JSON.parse(`{"name": "hello", "subsets": [], "${name}": {}}`);
    deepEqual(validate("CreateView", body), { errors: [{ pointer: `/${name}`, detail: "is not known" }] });
  }
});

Deno.test("a spec is not filled in: what a view does not say is the gateway's to decide", () => {
  const spec = { subsets: [{ bucket: "lake" }] };
  validate("View", spec);
  deepEqual(spec, { subsets: [{ bucket: "lake" }] });
});

Deno.test("a choice that is none of those names them", () => {
  deepEqual(validate("View", { subsets: [{ bucket: "lake", access: "write" }] }), {
    errors: [{ pointer: "/subsets/0/access", detail: "must be one of read, readwrite" }],
  });
});

Deno.test("what the gateway answers has real times and URLs", () => {
  const resource = (change: object) => ({
    name: "hello",
    phase: "asleep",
    createdAt: "2026-01-01T00:00:00Z",
    route: { hostname: "hello.localhost", url: "http://hello.localhost/" },
    ...change,
  });
  equal("value" in validate("ViewResource", resource({})), true);
  for (const createdAt of ["", "yesterday", "2026-13-01T00:00:00Z"]) {
    equal("value" in validate("ViewResource", resource({ createdAt })), false, createdAt);
  }
  equal("value" in validate("ViewResource", resource({ route: { hostname: "x", url: "hello" } })), false);
});

Deno.test("a schema that does not exist is the program's mistake, not the value's", () => {
  throws(() => validate("Nothing" as "View", {}), /There is no schema named Nothing/);
});
