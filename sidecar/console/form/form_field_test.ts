import { deepEqual, equal } from "node:assert/strict";
import { fieldMistakes, mistakesAt, mistakesIn } from "./form_field.ts";
import { DEFAULT_LIMITS } from "./testing/limits.ts";
import { formOf } from "./view_form.ts";

const form = {
  ...formOf("sales", { subsets: [] }, DEFAULT_LIMITS.times),
  subsets: [7, 3].map((key) => ({ key, bucket: "lake", prefix: "", access: "read" as const })),
};
const placed = (...pointers: string[]) =>
  fieldMistakes(pointers.map((pointer) => ({ pointer, detail: "is wrong" })), form)
    .map(({ field, text }) => `${field}: ${text}`);

Deno.test("each place of the API's errors has its field", () => {
  deepEqual(
    placed(
      ...["/name", "/template", "/subsets", "/subsets/0", "/subsets/1/bucket", "/subsets/1/prefix", "/idleSeconds"],
      ...["/maxLifetimeSeconds", "/access", "/access/users", "/access/users/2", "/access/groups/0", "/public"],
    ),
    [
      "name: The name is wrong.",
      "template: The template is wrong.",
      "subsets: The data is wrong.",
      "subset-7-bucket: Subset 1 is wrong.",
      "subset-3-bucket: Subset 2: the bucket is wrong.",
      "subset-3-prefix: Subset 2: the prefix is wrong.",
      "idle: The idle time is wrong.",
      "lifetime: The lifetime is wrong.",
      "everyone: Sharing is wrong.",
      "users: Users: is wrong.",
      "users: Users: line 3 is wrong.",
      "groups: Groups: line 1 is wrong.",
      "public: Public is wrong.",
    ],
  );
});

Deno.test("mistakes come in the order of the fields, and one without a field comes last", () => {
  deepEqual(placed("/color", "/subsets/1", "", "/subsets/0", "/name"), [
    "name: The name is wrong.",
    "subset-7-bucket: Subset 1 is wrong.",
    "subset-3-bucket: Subset 2 is wrong.",
    "undefined: /color is wrong.",
    "undefined: The view is wrong.",
  ]);
});

Deno.test("a place has its own mistakes and those below it", () => {
  const mistakes = fieldMistakes([
    { pointer: "/subsets/1/bucket", detail: "is missing" },
    { pointer: "/subsets/10", detail: "is wrong. Really?" },
    { pointer: "/subsets/1", detail: "is beyond your grants" },
  ], form);
  equal(mistakesAt(mistakes, "/subsets/1"), "Subset 2: the bucket is missing. Subset 2 is beyond your grants.");
  equal(mistakesAt(mistakes, "/name"), undefined);
});

Deno.test("the API's answer has mistakes of the form, or says that the name is taken, or is about something else", () => {
  const problem = { type: "urn:view-gateway:exists", title: "Conflict", status: 409, detail: "There is one." };
  deepEqual(mistakesIn(problem), [{ pointer: "/name", detail: "is taken. There is one." }]);
  const errors = [{ pointer: "/subsets/0", detail: "is beyond your grants" }];
  deepEqual(mistakesIn({ ...problem, type: "urn:view-gateway:beyond-grants", errors }), errors);
  equal(mistakesIn({ ...problem, type: "about:blank" }), undefined);
  equal(mistakesIn({ ...problem, type: "about:blank", errors: [] }), undefined);
});
