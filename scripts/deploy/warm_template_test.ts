import assert from "node:assert/strict";
import { jobIn } from "../../sidecar/view/testing/job_in.ts";
import { ASSIGN_ANNOTATION, WARM_ANNOTATION, warmOf } from "../../sidecar/view/warm.ts";
import { defaultTemplate } from "./kustomize.ts";
import { EXAMPLE_ASSIGN_PATH, warmTemplate } from "./warm_template.ts";

Deno.test("a warm template differs from its cold one only in its pool, and in where its pods take an assignment", async () => {
  const text = await defaultTemplate();
  const [cold, warm] = [jobIn(text), jobIn(warmTemplate(text, 2))];
  const annotations = warm.spec!.template.metadata!.annotations!;
  assert.deepEqual(warmOf(annotations), { size: 2, path: EXAMPLE_ASSIGN_PATH });
  for (const name of [WARM_ANNOTATION, ASSIGN_ANNOTATION]) delete annotations[name];
  assert.deepEqual(warm, cold);
});

Deno.test("the template of the contract's examples is a warm one too", async () => {
  const text = await Deno.readTextFile(new URL("../../example/contract/template.yaml", import.meta.url));
  const annotations = jobIn(text).spec?.template.metadata?.annotations;
  assert.deepEqual(warmOf(annotations), { size: 2, path: EXAMPLE_ASSIGN_PATH });
});
