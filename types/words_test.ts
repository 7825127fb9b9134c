import { deepEqual, equal } from "node:assert/strict";
import { schemas, validate } from "./mod.ts";

/** What a value of a View's member is answered. */
const inView = (change: object) => mistakes("View", { subsets: [], ...change });

function mistakes(name: Parameters<typeof validate>[0], value: unknown): readonly string[] {
  const result = validate(name, value);
  return "errors" in result ? result.errors.map(({ pointer, detail }) => `${pointer} ${detail}`) : [];
}

const route = { hostname: "hello.localhost", url: "http://hello.localhost/" };
const view = { name: "hello", phase: "asleep", createdAt: "2026-01-01T00:00:00Z", route };

/** By keyword of JSON Schema: a mistake, and its words. */
const WORDS: Readonly<Record<string, readonly [readonly string[], string]>> = {
  additionalProperties: [inView({ idleSecond: 5 }), "/idleSecond is not known: did you mean idleSeconds?"],
  required: [mistakes("View", {}), "/subsets is missing"],
  type: [inView({ access: [] }), "/access must be an object: { … }"],
  enum: [
    inView({ subsets: [{ bucket: "lake", access: "write" }] }),
    "/subsets/0/access must be one of read, readwrite",
  ],
  pattern: [
    inView({ template: "A" }),
    "/template must have only lowercase letters, digits and hyphens, and no hyphen at either end",
  ],
  minimum: [mistakes("WakeQuery", { wait: -1 }), "/wait must be a whole number of seconds from 0 to 300"],
  maximum: [mistakes("WakeQuery", { wait: 301 }), "/wait must be a whole number of seconds from 0 to 300"],
  minLength: [mistakes("Config", { namespace: "views", viewSelector: "" }), "/viewSelector must not be empty"],
  maxLength: [inView({ template: "a".repeat(64) }), "/template must have 63 characters at most, but has 64"],
  maxItems: [
    inView({ subsets: Array(65).fill({ bucket: "lake" }) }),
    "/subsets must have 64 items at most, but has 65",
  ],
  uniqueItems: [
    mistakes("ViewResource", { ...view, restartNeeded: ["subsets", "template", "subsets"] }),
    "/restartNeeded must not have the same item twice: items 0 and 2 are the same",
  ],
  format: [
    mistakes("ViewResource", { ...view, createdAt: "yesterday" }),
    "/createdAt must be a time, such as 2026-01-01T08:00:00Z",
  ],
  anyOf: [mistakes("ViewPatch", { public: 7 }).slice(-1), "/public has none of the forms that it may have"],
};

/** Keywords that no value can break by themselves. */
const SILENT = ["title", "description", "default", "properties", "items", "$ref", "words", "env", "examples"];

for (const [keyword, [told, words]] of Object.entries(WORDS)) {
  Deno.test(`a mistake that ${keyword} finds is told in words`, () => deepEqual(told, [words]));
}

Deno.test("each keyword that the schemas use has words", () => {
  const used = new Set<string>();
  const look = (schema: unknown): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [keyword, value] of Object.entries(schema)) {
      used.add(keyword);
      if (keyword === "properties") Object.values(value).forEach(look);
      else if (keyword === "items") look(value);
      else if (keyword === "anyOf") value.forEach(look);
    }
  };
  Object.values(schemas.definitions).forEach(look);
  deepEqual([...used].filter((keyword) => !(keyword in WORDS) && !SILENT.includes(keyword)), []);
});

Deno.test("each type has words", () => {
  const types = ["array", "boolean", "integer", "object", "string"];
  deepEqual(
    types.map((type) => inView({ [MEMBERS[type]!]: null })[0]),
    [
      "/subsets must be a list: [ … ]",
      "/public must be true or false",
      "/idleSeconds must be a whole number",
      "/access must be an object: { … }",
      "/template must be a text",
    ],
  );
});

const MEMBERS: Readonly<Record<string, string>> = {
  array: "subsets",
  boolean: "public",
  integer: "idleSeconds",
  object: "access",
  string: "template",
};

Deno.test("a misspelt member gets the right one suggested, also deep in a body", () => {
  deepEqual(inView({ subsets: [{ bucket: "lake", prefx: "a/" }], acces: {}, access: { everyon: true } }), [
    "/acces is not known: did you mean access?",
    "/subsets/0/prefx is not known: did you mean prefix?",
    "/access/everyon is not known: did you mean everyone?",
  ]);
  deepEqual(inView({ subsets: [{ buket: "lake" }] }), [
    "/subsets/0/bucket is missing",
    "/subsets/0/buket is not known: did you mean bucket?",
  ]);
});

Deno.test("an unknown member that is no misspelling gets the known ones", () => {
  deepEqual(inView({ access: { roles: [] } }), ["/access/roles is not known: there are users, groups, everyone"]);
  equal(mistakes("NoQuery", { limit: 1 })[0], "/limit is not known: there are no members here");
});

Deno.test("characters are counted, not their halves", () => {
  deepEqual(mistakes("LakeQuery", { prefix: "🦆".repeat(1_025) }), [
    "/prefix must have 1024 characters at most, but has 1025",
  ]);
});
