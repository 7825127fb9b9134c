import assert from "node:assert/strict";
import { jobIn } from "../../sidecar/view/testing/job_in.ts";
import { warmOf } from "../../sidecar/view/warm.ts";
import { demoTemplates } from "./demo_templates.ts";

Deno.test("the demo has a warm template beside each cold one", async () => {
  const templates = await demoTemplates();
  const waiting = Object.entries(templates).map(([name, text]) => {
    return [name, warmOf(jobIn(text).spec?.template.metadata?.annotations)?.size];
  });
  assert.deepEqual(Object.fromEntries(waiting), {
    ...{ default: undefined, duckdb: undefined, browser: undefined },
    ...{ "default-warm": 2, "duckdb-warm": 1, "browser-warm": 1 },
  });
});
