import { deepEqual, equal, rejects, throws } from "node:assert/strict";
import { parseTemplate, TemplateError, Templates } from "./template.ts";

const JOB = `
apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      containers:
        - name: view
          image: example/view:1
`;

async function directory(files: Record<string, string>) {
  const path = await Deno.makeTempDir({ prefix: "templates-" });
  for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${path}/${name}`, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a template is a whole Job manifest, and is read as it is now", async () => {
  await using here = await directory({ "default.yaml": JOB });
  const templates = new Templates(here.path);
  const image = async () => (await templates.read("default")).spec?.template.spec?.containers[0]?.image;
  deepEqual([await image(), await image()], ["example/view:1", "example/view:1"]);
  await Deno.writeTextFile(`${here.path}/default.yaml`, JOB.replace(":1", ":2"));
  equal(await image(), "example/view:2");
});

Deno.test("a template that is missing, or cannot be read, is told by its name", async () => {
  await using here = await directory({});
  const templates = new Templates(here.path);
  await rejects(templates.read("duckdb"), {
    name: "TemplateError",
    message: `There is no template duckdb: ${here.path}/duckdb.yaml is missing.`,
  });
  await Deno.mkdir(`${here.path}/odd.yaml`);
  await rejects(templates.read("odd"), { name: "TemplateError", message: /^Template odd cannot be read: / });
});

Deno.test("what is no Job is told to be none", () => {
  const said = (text: string) => {
    let message = "";
    throws(() => parseTemplate(text, "default"), (error) => {
      message = (error as Error).message;
      return error instanceof TemplateError;
    });
    return message;
  };
  const notJob = "Template default is not a Job of batch/v1.";
  for (const text of ["", "~", "hello", "[1, 2]", "7", JOB.replace("Job", "CronJob"), JOB.replace("/v1", "/v1beta1")]) {
    equal(said(text), notJob, text);
  }
  const noContainer = "Template default has no container.";
  for (const containers of ["[]", "", "view", "{ name: view }"]) {
    const text = JOB.replace(/containers:[^]*/, `containers: ${containers}\n`);
    equal(said(text), noContainer, text);
  }
  equal(said("apiVersion: batch/v1\nkind: Job\n"), noContainer);
  equal(said("apiVersion: batch/v1\nkind: Job\nspec: text\n"), noContainer);
  equal(said("{").startsWith("Template default is not YAML: "), true);
  equal(said(`${JOB}---\n${JOB}`).startsWith("Template default is not YAML: "), true);
});

Deno.test("a template may be written as JSON, which is YAML", () => {
  const job = { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ name: "view" }] } } } };
  deepEqual(parseTemplate(JSON.stringify(job), "default"), job);
});

Deno.test("a start probe that could never be asked for is refused, and told by the template's name", () => {
  const job = (annotations: object, own: object = {}) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { annotations: own },
    spec: { template: { metadata: { annotations }, spec: { containers: [{ name: "view" }] } } },
  });
  const probe = (path: unknown) => ({ "view.yolean.se/start-probe": path });
  const parsed = (value: object) => parseTemplate(JSON.stringify(value), "slow");
  equal(parsed(job(probe("/healthz"))).kind, "Job");
  throws(() => parsed(job(probe("healthz"))), {
    name: "TemplateError",
    message:
      'Template slow has the annotation view.yolean.se/start-probe with the value "healthz"; it must be a path ' +
      "such as /healthz, as it stands in a URL.",
  });
  throws(() => parsed(job({}, probe("/healthz"))), {
    name: "TemplateError",
    message: "Template slow has the annotation view.yolean.se/start-probe on its Job; it belongs on its pod, in " +
      "spec.template.metadata.",
  });
});
