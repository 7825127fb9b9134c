import { deepEqual } from "node:assert/strict";
import { DEFAULT_LIMITS } from "./testing/limits.ts";
import { formMistakes } from "./form_mistakes.ts";
import { formOf, rowOf, type ViewForm } from "./view_form.ts";

const mistakes = (change: Partial<ViewForm>) =>
  formMistakes({ ...formOf("sales", { subsets: [] }, DEFAULT_LIMITS.times), ...change }, DEFAULT_LIMITS)
    .map(({ pointer, detail }) => `${pointer} ${detail}`);

Deno.test("a form without mistakes has none", () => {
  deepEqual(mistakes({ subsets: [rowOf({ bucket: "lake" }, 0)] }), []);
});

Deno.test("all mistakes are found at once, at the places that the API would name", () => {
  deepEqual(
    mistakes({
      name: "",
      subsets: [rowOf({ bucket: "lake" }, 0), rowOf({ bucket: " " }, 1), rowOf({ bucket: "lake" }, 2)],
      idle: { isOwn: true, amount: "soon", unit: "minutes" },
      lifetime: { isOwn: true, amount: "2", unit: "days" },
    }),
    [
      "/name is missing",
      "/subsets/1/bucket is missing",
      "/subsets/2 is the same as subset 1: remove one of them",
      "/idleSeconds must be a number, such as 15",
      "/maxLifetimeSeconds must be from 30 seconds to 1 day",
    ],
  );
});

Deno.test("a time that is not chosen cannot be wrong", () => {
  deepEqual(mistakes({ idle: { isOwn: false, amount: "", unit: "days" } }), []);
  deepEqual(mistakes({ idle: { isOwn: true, amount: "29", unit: "seconds" } }), [
    "/idleSeconds must be from 30 seconds to 2 hours",
  ]);
});
