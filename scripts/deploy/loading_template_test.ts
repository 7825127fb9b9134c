import assert from "node:assert/strict";
import { jobIn } from "../../sidecar/view/testing/job_in.ts";
import { defaultTemplate } from "./kustomize.ts";
import { loadingTemplate } from "./loading_template.ts";

Deno.test("a view that loads first is the default one, but for the time that it takes", async () => {
  const text = await defaultTemplate();
  const { spec } = jobIn(loadingTemplate(text, 1.5));
  const [container] = spec!.template.spec!.containers;
  assert.deepEqual(container!.env, [{ name: "START_DELAY", value: "1.5s" }]);
  delete container!.env;
  assert.deepEqual(spec, jobIn(text).spec);
});
