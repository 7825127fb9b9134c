import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { readTemplate } from "./template.ts";
import { jobIn } from "./testing/job_in.ts";

const JOB = `
apiVersion: batch/v1
kind: Job
spec:
  template:
    metadata:
      labels: {tier: gold}
    spec:
      containers:
        - name: view
          image: example/view:1
          ports: [{name: http, containerPort: 8080}]
`;

const invalid = (text: string) => {
  const result = readTemplate(text, "duckdb");
  return "invalid" in result ? result.invalid : "";
};

Deno.test("a template is a Job manifest, and its pods have a shape", () => {
  const result = readTemplate(JOB, "duckdb");
  if (!("template" in result)) throw new Error(result.invalid);
  equal(result.template.job.spec?.template.spec?.containers[0]?.image, "example/view:1");
  deepEqual(result.template.shape, { labels: { tier: "gold" }, ports: [{ name: "http", number: 8080 }] });
});

Deno.test("a template may be written as JSON, which is YAML", () => {
  const job = { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ name: "view" }] } } } };
  deepEqual(jobIn(JSON.stringify(job)), job);
});

Deno.test("anything but a Job is refused", () => {
  const notJob = "Template duckdb is not a Job: it must be a manifest with apiVersion: batch/v1 and kind: Job.";
  for (const text of ["", "~", "hello", "[1, 2]", "7", JOB.replace("Job", "CronJob"), JOB.replace("/v1", "/v1beta1")]) {
    equal(invalid(text), notJob, text);
  }
});

Deno.test("a mistake in the YAML is reported with its place", () => {
  match(invalid("{"), /^Template duckdb is not YAML: .* at line 1, column 2\.$/);
  match(invalid(JOB.replace("{tier: gold}", "*nowhere")), /is not YAML: .*nowhere/);
  match(invalid(JOB.replace("kind: Job", "kind: Job\nkind: Job")), /is not YAML: Map keys must be unique at line 4/);
});

Deno.test("a template is one YAML document; separators around it do not count", () => {
  match(invalid(`${JOB}---\n${JOB}`), /^Template duckdb has 2 documents: it must be one Job and nothing else\.$/);
  equal(invalid(`---\n${JOB}---\n`), "");
  equal(invalid(`---\n---\n# Our own.\n${JOB}---\n# The end.\n`), "");
});

Deno.test("a template without a container is refused", () => {
  const noContainer = /has no container: list one in spec\.template\.spec\.containers\.$/;
  for (const containers of ["[]", "", "view", "{ name: view }"]) {
    const text = JOB.replace(/containers:[^]*/, `containers: ${containers}\n`);
    match(invalid(text), noContainer, text);
  }
  match(invalid("apiVersion: batch/v1\nkind: Job\n"), noContainer);
  match(invalid("apiVersion: batch/v1\nkind: Job\nspec: text\n"), noContainer);
});

Deno.test("an invalid start probe is refused, and all problems are reported together", () => {
  const job = (annotations: object, own: object = {}, containers: object[] = [{ name: "view" }]) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { annotations: own },
    spec: { template: { metadata: { annotations }, spec: { containers } } },
  });
  const probe = (path: unknown) => ({ "view.yolean.se/start-probe": path });
  const said = (value: object) => invalid(JSON.stringify(value));
  equal(said(job(probe("/healthz"))), "");
  equal(
    said(job(probe("healthz"))),
    'Template duckdb has the annotation view.yolean.se/start-probe with the value "healthz"; it must be a path ' +
      "such as /healthz, encoded as in a URL.",
  );
  match(
    said(job({}, probe("/healthz"))),
    /start-probe on its Job; it belongs on its pod, in spec.template.metadata\.$/,
  );
  match(said(job(probe("healthz"), {}, [])), /has no container: .*; has the annotation/);
});

Deno.test("a misspelt field is found when the template is read, not when a view starts", () => {
  equal(
    invalid(JOB.replace("image:", "imgae:")),
    "Template duckdb has a mistake: spec.template.spec.containers[0].imgae is no field of a Job: did you mean image?",
  );
  match(
    invalid(JOB.replace("containers:", "contaniers:")),
    /spec\.template\.spec\.contaniers is no field of a Job: did you mean containers\?; has no container/,
  );
});

Deno.test("a template must not set what the gateway sets", () => {
  const set = (yaml: string) => invalid(JOB.replace("spec:\n", `spec:\n  ${yaml}\n`));
  match(
    set("activeDeadlineSeconds: 60"),
    /sets spec\.activeDeadlineSeconds, .* the view's lease: leave it out, and set/,
  );
  const policy = (value: string) => invalid(JOB.replace("    spec:\n", `    spec:\n      restartPolicy: ${value}\n`));
  match(policy("OnFailure"), /restartPolicy to OnFailure, where the gateway sets Never: leave it out\.$/);
  equal(policy("Never"), "");
  equal(set("backoffLimit: 2"), "");
});

Deno.test("a Job that would never have a pod is refused", () => {
  const set = (yaml: string) => invalid(JOB.replace("spec:\n", `spec:\n  ${yaml}\n`));
  match(set("suspend: true"), /sets spec\.suspend, so that its Job never has a pod/);
  match(set("parallelism: 0"), /sets spec\.parallelism to 0/);
  match(set("completions: 0"), /sets spec\.completions to 0/);
  equal(set("suspend: false"), "");
  equal(set("parallelism: 1"), "");
});

Deno.test("any text is a template, or a problem that names it", () => {
  const paths = [["spec"], ["spec", "template"], ["spec", "template", "metadata"], ["spec", "template", "spec"]];
  const inSpec = ["containers", "initContainers", "volumes"].map((field) => [...paths.at(-1)!, field]);
  const inContainer = ["name", "ports", "env"].map((field) => [...paths.at(-1)!, "containers", "0", field]);
  const place = fc.constantFrom(["metadata"], ...paths, ...inSpec, ...inContainer);
  const odd = fc.oneof(fc.jsonValue(), fc.array(fc.constant(null)), fc.array(fc.record({ ports: fc.jsonValue() })));
  fc.assert(fc.property(place, odd, (path, value) => {
    const job = parse(JOB);
    const parent = path.slice(0, -1).reduce((at, member) => at[member], job);
    parent[path.at(-1)!] = value;
    const result = readTemplate(JSON.stringify(job), "duckdb");
    if ("invalid" in result) match(result.invalid, /^Template duckdb [^]+[.?]$/);
    else notEqual(result.template.shape, undefined);
  }));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => match(invalid(text), /^Template duckdb is /)));
});

Deno.test("a template may ask for a pool of its pods", () => {
  const annotated = (annotations: string) =>
    JOB.replace("labels: {tier: gold}", `labels: {tier: gold}\n      annotations: {${annotations}}`);
  const result = readTemplate(
    annotated(`view.yolean.se/warm: "3", view.yolean.se/assign: /_gate/assign`),
    "duckdb",
  );
  deepEqual("template" in result && result.template.warm, { size: 3, path: "/_gate/assign" });
  equal("template" in readTemplate(JOB, "duckdb"), true);
  match(invalid(annotated(`view.yolean.se/warm: "3"`)), /without view.yolean.se\/assign: set both or none\.$/);
});
