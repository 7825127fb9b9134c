import { deepEqual, equal, throws } from "node:assert/strict";
import { Ajv } from "ajv";
import { validate } from "./mod.ts";
import schemas from "./src/definitions.js";

const MEMBERS = "there are name, subsets, template, idleSeconds, maxLifetimeSeconds, access, public";

Deno.test("all mistakes of a body are reported, each with its place", () => {
  const result = validate("CreateView", {
    name: "Sales",
    subsets: [{ bucket: "lake", acess: "read" }, { prefix: 7 }],
    "a/b": 1,
  });
  deepEqual("errors" in result && [...result.errors].sort((a, b) => a.pointer.localeCompare(b.pointer)), [
    { pointer: "/a~1b", detail: `is not known: ${MEMBERS}` },
    {
      pointer: "/name",
      detail: "must have only lowercase letters, digits and hyphens, begin with a letter, and not end with a hyphen",
    },
    { pointer: "/subsets/0/acess", detail: "is not known: did you mean access?" },
    { pointer: "/subsets/1/bucket", detail: "is missing" },
    { pointer: "/subsets/1/prefix", detail: "must be a text" },
  ]);
});

Deno.test("a name that cannot be is explained in words, and not by a pattern", () => {
  const result = validate("View", { subsets: [], access: { users: [""], groups: ["sales,admins"] } });
  deepEqual("errors" in result && result.errors, [
    {
      pointer: "/access/users/0",
      detail: "must be a name: at least one character, no control characters, no line separators",
    },
    {
      pointer: "/access/groups/0",
      detail: 'must be a name: at least one character, no control characters, no line separators, no ","',
    },
  ]);
});

Deno.test("no pattern of a body is without words", () => {
  const wordless = (schema: unknown): unknown[] =>
    typeof schema !== "object" || schema === null
      ? []
      : [...("pattern" in schema && !("words" in schema) ? [schema] : []), ...Object.values(schema).flatMap(wordless)];
  // The configuration's problems show the value, and are for operators.
  const { Config: _, ...bodies } = schemas.definitions;
  deepEqual(wordless(bodies), []);
});

Deno.test("a valid spec is returned unchanged", () => {
  const spec = { subsets: [{ bucket: "lake", prefix: "sales/2026/", access: "read" }], idleSeconds: 60 };
  deepEqual(validate("View", structuredClone(spec)), { value: spec });
});

Deno.test("defaults complete the configuration", () => {
  const result = validate("Config", { namespace: "views" });
  equal("value" in result && result.value.baseHost, "localhost");
});

Deno.test("a value that is no object is a problem as a whole", () => {
  for (const value of [null, 7, "x", []]) {
    deepEqual(validate("View", value), { errors: [{ pointer: "", detail: "must be an object: { … }" }] });
  }
});

/** Whether the API would create a view with these members. */
function creatable(change: object): boolean {
  return "value" in validate("CreateView", { name: "hello", subsets: [], ...change });
}

Deno.test("a view's name is an RFC 1035 label and nothing else", () => {
  for (const name of ["a", "a1", "a-1", "a".repeat(63)]) equal(creatable({ name }), true, name);
  const not = ["", "1a", "-a", "a-", "A", "a.b", "a_b", "ä", "a\n", " a", "a".repeat(64), 7, null, ["a"]];
  for (const name of not) equal(creatable({ name }), false, JSON.stringify(name));
});

Deno.test("a subset has a valid bucket, prefix and access", () => {
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

Deno.test("seconds are integers, not text; the gateway decides their bounds", () => {
  for (const idleSeconds of [1.5, "60", null, true]) {
    equal(creatable({ idleSeconds }), false, String(idleSeconds));
  }
  equal(creatable({ idleSeconds: 60 }), true);
});

Deno.test("a template's name is no path", () => {
  for (const template of ["../secret", "a/b", ".", "", "A"]) equal(creatable({ template }), false, template);
  equal(creatable({ template: "duckdb-1" }), true);
});

Deno.test("an unknown member is a mistake, even if JavaScript has a property of that name", () => {
  for (const name of ["toString", "constructor", "__proto__"]) {
    const body = JSON.parse(`{"name": "hello", "subsets": [], "${name}": {}}`);
    deepEqual(validate("CreateView", body), { errors: [{ pointer: `/${name}`, detail: `is not known: ${MEMBERS}` }] });
  }
});

Deno.test("a spec gets no defaults: the gateway decides what it leaves out", () => {
  const spec = { subsets: [{ bucket: "lake" }] };
  validate("View", spec);
  deepEqual(spec, { subsets: [{ bucket: "lake" }] });
});

Deno.test("a value that is not in a list of choices is a mistake that names the choices", () => {
  deepEqual(validate("View", { subsets: [{ bucket: "lake", access: "write" }] }), {
    errors: [{ pointer: "/subsets/0/access", detail: "must be one of read, readwrite" }],
  });
});

Deno.test("the gateway's responses have valid times and URLs", () => {
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

Deno.test("an unknown schema is the program's mistake and throws", () => {
  throws(() => validate("Nothing" as "View", {}), /There is no schema named Nothing/);
});

Deno.test("each schema is a valid JSON Schema", () => {
  const ajv = new Ajv();
  for (const [name, schema] of Object.entries(schemas.definitions)) {
    equal(ajv.validateSchema(schema), true, `${name}: ${ajv.errorsText()}`);
  }
});
