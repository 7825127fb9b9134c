import { equal, match } from "node:assert/strict";
import { DEFAULT_TARGET } from "./service_target.ts";
import { type Startable, startOf } from "./start.ts";
import { noTemplates, templatesIn } from "./templates.ts";

const job = (port: string, labels = "{}") => `
apiVersion: batch/v1
kind: Job
spec:
  template:
    metadata: {labels: ${labels}}
    spec: {containers: [{name: view, image: a, ports: [{name: ${port}, containerPort: 8080}]}]}
`;
const templates = templatesIn(noTemplates("view-gateway-templates", "default"), {
  "default.yaml": job("http", "{tier: gold}"),
  "web.yaml": job("web"),
  "broken.yaml": "kind: Jib",
});
const causeOf = (change: Partial<Startable> = {}, template?: string) => {
  const spec = { subsets: [], ...template !== undefined && { template } };
  const start = startOf({ name: "hello", spec, ...change }, templates, { team: "sales" });
  return "cause" in start ? start.cause : undefined;
};
const selecting = (labels: Record<string, string>) => ({ target: { ...DEFAULT_TARGET, labels } });

Deno.test("a view starts from its template, or from the default one", () => {
  equal(causeOf(), undefined);
  equal(causeOf({}, "default"), undefined);
});

Deno.test("a view without a usable template cannot start", () => {
  for (
    const [template, message] of [["gold", /There is no template gold/], ["broken", /broken is not a Job/]] as const
  ) {
    equal(causeOf({}, template)?.reason, "InvalidTemplate");
    match(causeOf({}, template)!.message, message);
  }
});

Deno.test("a view whose Service would not find its pods' port cannot start", () => {
  const web = causeOf({}, "web");
  equal(web?.reason, "InvalidTemplate");
  match(web!.message, /No container of template web has a TCP port named http/);
  equal(causeOf({ target: { ...DEFAULT_TARGET, targetPort: "web" } }, "web"), undefined);
  equal(causeOf({ target: { ...DEFAULT_TARGET, targetPort: 8080 } }, "web"), undefined);
});

Deno.test("a Service may select by the labels of its future pods, and by no other", () => {
  equal(causeOf(selecting({ tier: "gold" })), undefined, "the template's");
  equal(causeOf(selecting({ team: "sales" })), undefined, "the configured selector's");
  equal(causeOf(selecting({ "app.kubernetes.io/managed-by": "view-gateway" })), undefined, "the gateway's");
  equal(causeOf(selecting({ "batch.kubernetes.io/job-name": "hello" })), undefined, "the Job controller's");
  match(causeOf(selecting({ app: "hello" }))!.message, /label app=hello, which template default does not set/);
  equal(causeOf(selecting({ team: "other" }))?.reason, "InvalidSpec");
});
