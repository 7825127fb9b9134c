import assert from "node:assert/strict";
import { parse } from "yaml";
import { templateOn } from "./template_on.ts";

Deno.test("a template's pods run on the given node, with more annotations beside their own", () => {
  const text = "spec: {template: {metadata: {annotations: {a: b}}, spec: {containers: []}}}";
  const nodeSelector = { "kubernetes.io/hostname": "other" };
  const tolerations = [{ key: "other", operator: "Exists" }];
  assert.deepEqual(parse(templateOn(text, { nodeSelector, tolerations }, { "kwok/ready-after": "1s" })), {
    spec: {
      template: {
        metadata: { annotations: { a: "b", "kwok/ready-after": "1s" } },
        spec: { containers: [], nodeSelector, tolerations },
      },
    },
  });
});
