import { deepEqual, doesNotMatch } from "node:assert/strict";
import { stages } from "./stages.ts";

// deno-lint-ignore no-explicit-any -- Stages are only written
const all = stages() as readonly any[];

Deno.test("there is a Stage for each step of a node and of a pod: kwok has no others", () => {
  deepEqual(
    all.map(({ metadata, spec }) => `${spec.resourceRef.kind}: ${metadata.name}`),
    [
      "Node: node-initialize",
      "Node: node-heartbeat",
      "Pod: pod-running",
      "Pod: pod-ready",
      "Pod: pod-failed",
      "Pod: pod-deleted",
    ],
  );
});

Deno.test("each step of a pod can be delayed by an annotation", () => {
  deepEqual(
    all.filter(({ spec }) => spec.resourceRef.kind === "Pod")
      .map(({ spec }) => spec.delay.durationFrom.expressionFrom),
    ["running-after", "ready-after", "failed-after", "deleted-after"]
      .map((annotation) => `.metadata.annotations["kwok/${annotation}"]`),
  );
});

Deno.test("no Stage touches finalizers, with which a Job counts its pods", () => {
  doesNotMatch(JSON.stringify(all), /finalizers/);
});
