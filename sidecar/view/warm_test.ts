import { deepEqual, equal, match } from "node:assert/strict";
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
