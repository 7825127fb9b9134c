import { deepEqual, match } from "node:assert/strict";
import { type TemplateList, validate } from "@view-gateway/types";
import { noTemplates, type Templates, templatesIn } from "../view/templates.ts";
import { believing, rightsWith } from "./testing/people.ts";
import { type ApiAnswer, forbiddenIn, problemIn, startApiWith } from "./testing/views_api.ts";

const job = (port: string, annotations: object = {}, ofPod: object = {}) =>
  JSON.stringify({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { annotations },
    spec: {
      template: {
        metadata: { annotations: ofPod },
        spec: { containers: [{ name: "view", image: "a", ports: [{ name: port, containerPort: 8080 }] }] },
      },
    },
  });
const none = noTemplates("view-gateway-templates", "default");
const pool = { "view.yolean.se/warm": "3", "view.yolean.se/assign": "/_gate/assign" };
const start = (templates: Templates | undefined) =>
  startApiWith({
    authenticator: believing,
    rights: rightsWith({ "oidc:carol": ["create"], "oidc:root": ["list", "get", "patch", "delete", "open"] }),
    templates: () => templates,
  });
const listOf = async (templates: Templates) => {
  const answer: ApiAnswer = await start(templates).send("oidc:carol", "GET", "/_api/templates");
  deepEqual(validate("TemplateList", structuredClone(answer.body)), { value: answer.body });
  return (answer.body as TemplateList).items;
};

Deno.test("the list of templates says what each is for, which is the default, and how many of its pods wait", async () => {
  const description = { "view.yolean.se/description": "SQL over the subsets." };
  const templates = templatesIn(none, {
    "duckdb.yaml": job("http", description),
    "default.yaml": job("http"),
    "duckdb-warm.yaml": job("http", description, pool),
    "notes.txt": "no template",
  });
  deepEqual(await listOf(templates), [
    { name: "default", isDefault: true },
    { name: "duckdb", description: "SQL over the subsets.", isDefault: false },
    { name: "duckdb-warm", description: "SQL over the subsets.", isDefault: false, warm: 3 },
  ]);
});

Deno.test("the list of templates says why no view can start from one, also where the default one is missing", async () => {
  const [broken, missing, port] = await listOf(
    templatesIn(none, { "broken.yaml": "kind: Jib", "web.yaml": job("web") }),
  );
  deepEqual([broken?.name, broken?.isDefault], ["broken", false]);
  match(broken!.problem!, /^Template broken is not a Job/);
  deepEqual([missing?.name, missing?.isDefault], ["default", true]);
  match(missing!.problem!, /^There is no template default: ConfigMap view-gateway-templates has no key default\.yaml/);
  match(port!.problem!, /^No container of template web has a TCP port named http/);
  const [only, ...others] = await listOf(none);
  match(only!.problem!, /there is no ConfigMap view-gateway-templates/);
  deepEqual(others, []);
});

Deno.test("templates are shown to whoever may create views, and only once they are read", async () => {
  const api = start(undefined);
  forbiddenIn(await api.send("oidc:root", "GET", "/_api/templates"));
  problemIn(await api.send(undefined, "GET", "/_api/templates"), 401, "sign-in");
  problemIn(await api.send("oidc:carol", "GET", "/_api/templates"), 503, "kubernetes-unavailable");
  problemIn(await api.send("oidc:carol", "POST", "/_api/templates", {}), 405, "method-not-allowed");
});
