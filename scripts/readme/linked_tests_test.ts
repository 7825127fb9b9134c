import { deepEqual, equal } from "node:assert/strict";
import { hasTest, linkedTests } from "./linked_tests.ts";

Deno.test("links to tests are found, with the name that they have for a test", () => {
  const markdown = `See [the lake](LAKE.md) and [\`gate_test.ts\`](../sidecar/gate/gate_test.ts).

| tests                                                                                                 |
| ----------------------------------------------------------------------------------------------------- |
| [a view's "page" … opens](../sidecar/gate/gate_test.ts); [all](../test/e2e/stories/together/one.ts) |
`;
  deepEqual(linkedTests("docs/X.md", markdown), [
    { file: "sidecar/gate/gate_test.ts", name: undefined },
    { file: "sidecar/gate/gate_test.ts", name: 'a view\'s "page" … opens' },
    { file: "test/e2e/stories/together/one.ts", name: "all" },
  ]);
});

Deno.test("a test's name is in one line of its file", () => {
  const text = 'Deno.test("a cookie for the view sales opens it", () => {\n  // which nothing else does\n});\n';
  equal(hasTest(text, "a cookie … opens it"), true);
  equal(hasTest(text, "a cookie … does"), false);
  equal(hasTest(text, "a cookie closes it"), false);
});
