import assert from "node:assert/strict";
import { foreignAmong } from "./own_namespaces.ts";

Deno.test("a namespace of the right name that others have made is not touched", () => {
  const cluster = [
    { metadata: { name: "lake", labels: { team: "data" } } },
    { metadata: { name: "e2e", labels: { "view.yolean.se/made-for": "demo-and-tests" } } },
    { metadata: { name: "default" } },
  ];
  assert.deepEqual(foreignAmong(cluster, ["lake", "e2e", "e2e-base-host"]), ["lake"]);
  assert.deepEqual(foreignAmong(cluster, ["e2e", "e2e-base-host"]), []);
});
