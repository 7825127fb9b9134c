import assert from "node:assert/strict";
import { viewOf } from "./view.ts";

const from = (environment: Record<string, string>) => viewOf((name) => environment[name]);

Deno.test("without an environment there is a view over nothing", () => {
  assert.deepEqual(from({}), { name: "duckdb", subsets: [] });
});

Deno.test("subsets have their defaults, and prefixes end in a slash", () => {
  const VIEW_SUBSETS = JSON.stringify([
    { bucket: "lake", prefix: "sales/2026" },
    { bucket: "scratch", access: "readwrite" },
  ]);
  assert.deepEqual(from({ VIEW_NAME: "sales", VIEW_SUBSETS }), {
    name: "sales",
    subsets: [
      { bucket: "lake", prefix: "sales/2026/", access: "read" },
      { bucket: "scratch", prefix: "", access: "readwrite" },
    ],
  });
});

Deno.test("what is no list of subsets is an error that has it", () => {
  for (const VIEW_SUBSETS of ["{}", "lake", '["lake"]', "[null]", "[{}]"]) {
    assert.throws(() => from({ VIEW_SUBSETS }), {
      message: `VIEW_SUBSETS is not a JSON list of subsets: ${VIEW_SUBSETS}`,
    });
  }
});
