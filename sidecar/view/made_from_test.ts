import { deepEqual } from "node:assert/strict";
import type { Subset, View } from "@view-gateway/types";
import { derive } from "./derive.ts";
import { madeFrom, outdated, readMadeFrom, withMadeFrom } from "./made_from.ts";
import { job, objects, ready, service } from "./testing/objects.ts";

const sales: Subset = { bucket: "lake", prefix: "sales/" };
const spec: View = { subsets: [sales] };
const template = { digest: "template-1" };
const made = madeFrom(spec, template);

Deno.test("the annotation is read as it was written, and the Job's other annotations stay", () => {
  const { annotations } = withMadeFrom({ metadata: { annotations: { note: "kept" } } }, made).metadata!;
  deepEqual([readMadeFrom(annotations), annotations?.note], [made, "kept"]);
});

Deno.test("a missing or invalid annotation means no change", () => {
  for (const text of ["", "null", "7", "[]", "{}", '{"template": 7}']) {
    deepEqual(readMadeFrom({ "view.yolean.se/made-from": text }), undefined);
  }
  deepEqual(readMadeFrom(undefined), undefined);
});

Deno.test("changed subsets and a changed template need a restart", () => {
  const other = { digest: "template-2" };
  deepEqual(outdated(made, spec, template), []);
  deepEqual(outdated(made, { subsets: [] }, template), ["subsets"]);
  deepEqual(outdated(made, { subsets: [{ ...sales, access: "readwrite" }] }, template), ["subsets"]);
  deepEqual(outdated(made, spec, other), ["template"]);
  deepEqual(outdated(made, { subsets: [] }, other), ["subsets", "template"]);
});

Deno.test("a change without effect on the pod needs no restart, nor does an unusable template", () => {
  deepEqual(outdated(made, { ...spec, idleSeconds: 60, maxLifetimeSeconds: 60 }, template), []);
  deepEqual(outdated(made, { ...spec, access: { users: ["oidc:alice"], everyone: true }, public: true }, template), []);
  deepEqual(outdated(made, { ...spec, template: "another name of it" }, template), []);
  deepEqual(outdated(made, spec, undefined), []);
  const two = madeFrom({ subsets: [sales, { bucket: "other" }] }, template);
  deepEqual(outdated(two, { subsets: [{ bucket: "other" }, { ...sales, prefix: "sales" }] }, template), []);
});

const restartNeeded = (subsets: readonly Subset[], change: object) => {
  const changed = { ...service, spec: { spec: { subsets: [...subsets] } } };
  return derive(objects({ service: changed, job: job({ madeFrom: made }), ...change }), undefined)?.restartNeeded;
};

Deno.test("a view needs a restart only while it runs", () => {
  const awake = { pods: [ready()] };
  deepEqual(restartNeeded([], awake), ["subsets"]);
  deepEqual(restartNeeded([], {}), ["subsets"]);
  deepEqual(restartNeeded([sales], awake), undefined);
  deepEqual(restartNeeded([], { job: job({ madeFrom: made, deleting: true }) }), undefined);
  const [text, changed] = [{ digest: "template-1" }, { digest: "template-2" }];
  const running = objects({ service: { ...service, spec: { spec } }, job: job({ madeFrom: made }), ...awake });
  deepEqual(derive(running, undefined, () => ({ template: changed }))?.restartNeeded, ["template"]);
  deepEqual(derive(running, undefined, () => ({ template: text }))?.restartNeeded, undefined);
  // A Job that a former gateway has made says nothing of it.
  deepEqual(restartNeeded([], { ...awake, job: job() }), undefined);
});
