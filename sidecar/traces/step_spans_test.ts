import { deepEqual } from "node:assert/strict";
import type { StartRecord } from "../view/start_record.ts";
import { type StepSpan, stepSpans } from "./step_spans.ts";

const seen = (step: StartRecord["steps"][number]["step"], at: number) => ({ step, at, seen: true });
const steps = [seen("no pod", 1_000), seen("scheduling", 1_060), seen("creating container", 1_064)];
const ended: StartRecord = {
  ...{ view: "view-1", job: "job-1", at: 1_000, outcome: "awake", start: "cold" },
  steps: [...steps, seen("connecting", 2_000)],
  end: { at: 2_007, seen: true },
};
const awake = { record: ended, reason: undefined, times: undefined };

const briefly = (spans: readonly StepSpan[]) =>
  spans.map(({ name, start, end, failure }) => [name, start, end, ...failure === undefined ? [] : [failure]]);

Deno.test("each step lasts until the next one begins, the last one until the start ends", () => {
  deepEqual(briefly(stepSpans(awake, 0)), [
    ["no pod", 1_000, 1_060],
    ["scheduling", 1_060, 1_064],
    ["creating container", 1_064, 2_000],
    ["connecting", 2_000, 2_007],
  ]);
});

Deno.test("a start that fails keeps its steps, and the last one has the reason", () => {
  const record: StartRecord = { ...ended, outcome: "failed", steps, end: { at: 1_500, seen: true } };
  const spans = stepSpans({ record, reason: "ErrImagePull", times: undefined }, 0);
  deepEqual(briefly(spans), [
    ["no pod", 1_000, 1_060],
    ["scheduling", 1_060, 1_064],
    ["creating container", 1_064, 1_500, "ErrImagePull"],
  ]);
  deepEqual(stepSpans({ record, reason: undefined, times: undefined }, 0).at(-1)?.failure, "Ended");
});

Deno.test("steps that were over before anybody waited are left out", () => {
  deepEqual(stepSpans(awake, 1_064).map(({ name }) => name), ["scheduling", "creating container", "connecting"]);
  deepEqual(stepSpans({ ...awake, record: { ...ended, end: undefined! } }, 0), [], "nor has it ended yet");
});

Deno.test("Kubernetes' own times are attributes, and a step that nobody saw says that its times are whole seconds", () => {
  const times = { created: "2026-01-01T00:00:01Z", scheduled: "2026-01-01T00:00:01Z", running: "2026-01-01T00:00:02Z" };
  const [noPod, , creating, connecting] = stepSpans({ ...awake, times }, 0).map(({ attributes }) => attributes);
  const common = { "k8s.service.uid": "view-1", "k8s.job.uid": "job-1" };
  deepEqual(noPod, { ...common, "view_gateway.kubernetes_end": times.created });
  deepEqual(creating, { ...common, "view_gateway.kubernetes_end": times.running });
  deepEqual(connecting, common);

  const unseen = { ...ended, steps: [{ ...steps[0]!, seen: false }, ...steps.slice(1)] };
  const [first, second] = stepSpans({ ...awake, record: unseen }, 0).map(({ attributes }) => attributes);
  deepEqual(first, { ...common, "view_gateway.whole_seconds": true });
  deepEqual(second, common);
});
