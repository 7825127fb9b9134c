import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { readTemplate } from "./template.ts";
import { ASSIGN_ANNOTATION, WARM_ANNOTATION, warmOf, warmProblems } from "./warm.ts";

const both = { [WARM_ANNOTATION]: "5", [ASSIGN_ANNOTATION]: "/_gate/assign" };

/** The problems of a Job whose pod has these annotations, with other changes. */
function problems(annotations: object, { spec = {}, pod = {}, own = {} } = {}): readonly string[] {
  const containers = [{ name: "view" }];
  return warmProblems({
    metadata: { annotations: own },
    spec: { ...spec, template: { metadata: { annotations: { ...annotations } }, spec: { containers, ...pod } } },
  });
}

Deno.test("a pod's annotations say how large its pool is, and where a pod is told its view", () => {
  deepEqual(warmOf(both), { size: 5, path: "/_gate/assign" });
  deepEqual(problems(both), []);
  equal(warmOf({ ...both, [WARM_ANNOTATION]: "100" })?.size, 100);
  for (const none of [undefined, null, {}]) equal(warmOf(none), undefined);
  deepEqual(problems({ "example.test/other": "1" }), []);
});

Deno.test("another pool needs no restart of views, as their pods are the same", () => {
  const digest = (annotations: object | undefined, image = "view:1") => {
    const metadata = { labels: { tier: "gold" }, ...annotations && { annotations } };
    const spec = { template: { metadata, spec: { containers: [{ name: "view", image }] } } };
    const result = readTemplate(JSON.stringify({ apiVersion: "batch/v1", kind: "Job", spec }), "duckdb");
    if ("invalid" in result) throw new Error(result.invalid);
    return result.template.digest;
  };
  const other = { "example.test/other": "1" };
  for (const own of [undefined, other]) {
    for (const pool of [both, { ...both, [WARM_ANNOTATION]: "6" }, { ...both, [ASSIGN_ANNOTATION]: "/_gate/other" }]) {
      equal(digest({ ...own, ...pool }), digest(own));
    }
  }
  notEqual(digest(both), digest(other));
  notEqual(digest(both), digest(both, "view:2"));
});

Deno.test("one annotation without the other is refused", () => {
  const { [WARM_ANNOTATION]: warm, [ASSIGN_ANNOTATION]: assign } = both;
  deepEqual(problems({ [WARM_ANNOTATION]: warm }), [
    "has the annotation view.yolean.se/warm without view.yolean.se/assign: set both or none",
  ]);
  deepEqual(problems({ [ASSIGN_ANNOTATION]: assign }), [
    "has the annotation view.yolean.se/assign without view.yolean.se/warm: set both or none",
  ]);
});

Deno.test("annotations on the Job would not reach the pod, and are refused", () => {
  const [first, second] = problems({}, { own: both });
  match(first!, /has the annotation view.yolean.se\/warm on its Job; it belongs on its pod/);
  match(second!, /has the annotation view.yolean.se\/assign on its Job/);
});

Deno.test("a size is a number from 1 to 100", () => {
  for (const size of ["0", "101", "1000", "-1", "1.5", "05", " 5", "5 ", "five", "", 5, true, null]) {
    match(problems({ ...both, [WARM_ANNOTATION]: size }).join(), /it must be a number from "1" to "100", in quotes$/);
    equal(warmOf({ ...both, [WARM_ANNOTATION]: size }), undefined, String(size));
  }
});

Deno.test("the path of the assignment is one that no client can reach", () => {
  const wrong = [
    "/assign",
    "_gate/assign",
    "/_gate/",
    "/_gate",
    "/_gateway/assign",
    "/_GATE/assign",
    "/_gate/../assign",
    "/_gate/%2e%2e/assign",
    "/_gate/a b",
    "/_gate/a\\b",
    "/_gate/a#b",
    "//_gate/assign",
    "http://example.test/_gate/assign",
    `/_gate/${"a".repeat(1024)}`,
    5,
  ];
  for (const path of wrong) {
    match(problems({ ...both, [ASSIGN_ANNOTATION]: path }).join(), /it must be a path below \/_gate\/, such as/);
    equal(warmOf({ ...both, [ASSIGN_ANNOTATION]: path }), undefined, String(path));
  }
});

Deno.test("a template with a pool has one pod for each view, which can start without a view", () => {
  const only = (change: object, more: object = {}) => problems({ ...both, ...more }, change).join("; ");
  match(only({ spec: { parallelism: 2 } }), /^sets spec.parallelism to 2 with the annotation view.yolean.se\/warm/);
  match(only({ spec: { completions: 3 } }), /^sets spec.completions to 3/);
  match(only({ spec: { completionMode: "Indexed" } }), /^sets spec.completionMode to Indexed/);
  match(only({ pod: { schedulingGates: [{ name: "a" }] } }), /^sets spec.template.spec.schedulingGates/);
  match(only({ pod: { activeDeadlineSeconds: 60 } }), /^sets spec.template.spec.activeDeadlineSeconds with/);
  match(only({}, { "view.yolean.se/aws-keys-in-environment": "true" }), /can get no keys as variables/);
  equal(only({ spec: { parallelism: 1, completions: 1, completionMode: "NonIndexed" } }), "");
  deepEqual(problems({}, { spec: { parallelism: 2 } }), []);
});
