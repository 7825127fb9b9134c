import assert from "node:assert/strict";
import { jobIn } from "../../sidecar/view/testing/job_in.ts";
import { e2eTemplates } from "./e2e_templates.ts";
import { defaultTemplate } from "../deploy/kustomize.ts";

Deno.test("each template of the end-to-end tests is a Job that differs from the default one", async () => {
  const text = await defaultTemplate();
  const templates = e2eTemplates(text);
  assert.deepEqual(Object.keys(templates), [
    "slow",
    "probed",
    "never-ready",
    "no-image",
    "too-large",
    "web-port",
    "crashes",
    "default-warm",
  ]);
  for (const [name, template] of Object.entries(templates)) {
    assert.notDeepEqual(jobIn(template), jobIn(text), name);
  }
  const image = jobIn(templates["no-image"]!).spec?.template.spec?.containers[0]?.image;
  assert.equal(image, "127.0.0.1:1/none:v1", "no network is asked for it");
});
