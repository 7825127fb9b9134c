import assert from "node:assert/strict";
import { jobIn } from "../../sidecar/view/testing/job_in.ts";
import { defaultTemplate } from "./kustomize.ts";
import { warmTemplate } from "./warm_template.ts";

Deno.test("a warm template differs from its cold one only in how many pods wait, and where they take an assignment", async () => {
  const text = await defaultTemplate();
  const [cold, warm] = [jobIn(text), jobIn(warmTemplate(text, 2))];
  const annotations = warm.spec?.template.metadata?.annotations;
  assert.equal(annotations?.["view.yolean.se/warm"], "2");
  assert.equal(annotations?.["view.yolean.se/assign"], "/_gate/assign");
  delete annotations?.["view.yolean.se/warm"];
  delete annotations?.["view.yolean.se/assign"];
  assert.deepEqual(warm, cold);
});
