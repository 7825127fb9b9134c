import { deepEqual, equal, match } from "node:assert/strict";
import { noTemplates, templatesIn } from "../view/templates.ts";
import { templateProblems } from "./template_problems.ts";

const job = (port: string) => `
apiVersion: batch/v1
kind: Job
spec: {template: {spec: {containers: [{name: view, image: a, ports: [{name: ${port}, containerPort: 8080}]}]}}}
`;
const none = noTemplates("view-gateway-templates", "default");
const some = templatesIn(none, { "default.yaml": job("http"), "duckdb.yaml": job("http"), "web.yaml": job("web") });
const detail = (template: string | undefined, templates = some) => {
  const [problem, ...others] = templateProblems(template, templates, {});
  deepEqual([problem?.pointer, others], ["/template", []]);
  return problem!.detail;
};

Deno.test("a valid template is no problem, named or by default", () => {
  deepEqual(templateProblems("duckdb", some, {}), []);
  deepEqual(templateProblems(undefined, some, {}), []);
});

Deno.test("the problem of an unknown template names those that exist, and the likely one", () => {
  equal(
    detail("duckbd"),
    "cannot be used: There is no template duckbd: ConfigMap view-gateway-templates has no key duckbd.yaml. There are " +
      "default, duckdb, web. Did you mean duckdb?",
  );
  match(detail("notebook"), /There are default, duckdb, web$/);
  match(detail("duckdb", none), /there is no ConfigMap view-gateway-templates\. There are none$/);
});

Deno.test("the problem of an invalid template says what is wrong with it", () => {
  match(detail("web"), /^cannot be used: No container of template web has a TCP port named http/);
  const broken = templatesIn(none, { "default.yaml": "kind: Jib" });
  match(detail(undefined, broken), /^is left out, and the default cannot be used: Template default is not a Job/);
});
