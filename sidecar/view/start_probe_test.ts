import { equal, match } from "node:assert/strict";
import { START_PROBE_ANNOTATION, startProbePath, startProbeProblem } from "./start_probe.ts";

const on = (value: unknown) => ({ [START_PROBE_ANNOTATION]: value });
const problem = (value: unknown) => startProbeProblem({ job: undefined, pod: on(value) });

Deno.test("the annotation on a template's pod is the path of the probe", () => {
  for (const path of ["/", "/healthz", "/a/b%20c", "/api/kernels?quick=1", "//healthz"]) {
    equal(startProbePath({ [START_PROBE_ANNOTATION]: path }), path);
    equal(problem(path), undefined, path);
  }
  equal(startProbePath(), undefined);
  equal(startProbePath({ "example.test/other": "/healthz" }), undefined);
});

Deno.test("an invalid path is refused and never probed", () => {
  const wrong = ["", "healthz", "http://example.test/", "/a b", "/a/../b", "/a#b", "/ä", "/\n", `/${"a".repeat(1024)}`];
  for (const value of wrong) {
    match(problem(value) ?? "", /start-probe with the value ".*"; it must be a path such as \/healthz/, value);
    equal(startProbePath({ [START_PROBE_ANNOTATION]: value }), undefined, value);
  }
  match(problem(true) ?? "", /with the value true; it must be a path/);
});

Deno.test("an annotation on the Job would not reach the pod, and is refused", () => {
  match(startProbeProblem({ job: on("/healthz"), pod: undefined }) ?? "", /it belongs on its pod/);
  equal(startProbeProblem({ job: undefined, pod: undefined }), undefined);
});
