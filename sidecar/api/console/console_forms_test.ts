import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ConsolePage } from "../../console/console_page.ts";
import type { ApiOptions } from "../api_options.ts";
import { MADE_UP_TEMPLATES } from "../testing/made_up_templates.ts";
import { believing, PERSON_HEADER, type Rbac, rightsWith } from "../testing/people.ts";
import { startApiWith, viewNamed } from "../testing/views_api.ts";

const templates = () => MADE_UP_TEMPLATES;
const alices = { ...viewNamed("alices"), owner: "oidc:alice" };
const broken = { ...viewNamed("broken"), owner: "oidc:alice", spec: undefined };

/** The page that this person gets, with its data. */
async function pageFor(person: string, path: string, change: Partial<ApiOptions> = {}, rbac: Rbac = {}) {
  const options = { authenticator: believing, rights: rightsWith(rbac), templates, ...change };
  const { api } = startApiWith(options, alices, broken);
  const headers = {
    [PERSON_HEADER]: person,
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    accept: "text/html",
    host: "localhost:8080",
  };
  const response = await api.request(path, { headers });
  const html = await response.text();
  const data = /<script type="application\/json" id="page">([^]*?)<\/script>/.exec(html)?.[1] ?? "null";
  return { status: response.status, html, page: JSON.parse(data) as ConsolePage };
}

Deno.test("who may create views gets the form of a new one, with this gateway's templates, times and doors", async () => {
  const { status, html, page } = await pageFor("oidc:carol", "/new", {}, { "oidc:carol": ["create"] });
  equal(status, 200);
  ok(page.page === "new");
  deepEqual(page.limits, {
    times: { idleSeconds: 900, minIdleSeconds: 30, maxIdleSeconds: 7_200, maxLifetimeSeconds: 86_400 },
    hasLake: false,
    publicViews: false,
  });
  deepEqual(page.templates.items.map(({ name }) => name), ["default", "duckdb", "orders"]);
  match(html, /<input[^>]* id="name"/);
  ok(!html.includes("Which data it gets"), "no lake, no data to choose");
  ok(!html.includes('id="public"'));
});

Deno.test("a gateway with a lake lets people choose data, and one with public views lets them open a view to all", async () => {
  const lake = { credentialsEndAt: () => Promise.resolve(undefined) };
  const { html } = await pageFor("oidc:carol", "/new", { lake, publicViews: true }, { "oidc:carol": ["create"] });
  match(html, /Browse the lake/);
  match(html, /id="public"/);
});

Deno.test("who may not create views gets a page that says so and whom to ask", async () => {
  const { status, html, page } = await pageFor("oidc:mallory", "/new", { contact: { text: "the data team" } });
  deepEqual([status, page.page], [403, "problem"]);
  match(html, /may not create views/);
  match(html, /the data team/);
});

Deno.test("who may change a view gets its form, with its version, without the right to create views", async () => {
  const { status, page, html } = await pageFor("oidc:alice", "/views/alices/edit");
  equal(status, 200);
  ok(page.page === "edit");
  deepEqual([page.view.name, page.etag], ["alices", `"${alices.resourceVersion}"`]);
  deepEqual(page.templates.items.map(({ name }) => name), ["default", "duckdb", "orders"]);
  ok(!html.includes('id="name"'), "nobody can change a name");
});

Deno.test("who may see a view and not change it gets a page that says so", async () => {
  const { status, page, html } = await pageFor("oidc:bob", "/views/alices/edit", {}, { "oidc:bob": ["get"] });
  deepEqual([status, page.page], [403, "problem"]);
  match(html, /may not patch alices/);
});

Deno.test("a view that is not there, one without a valid spec, and unread templates have a page each", async () => {
  deepEqual((await pageFor("oidc:alice", "/views/none/edit")).status, 404);
  const { status, html } = await pageFor("oidc:alice", "/views/broken/edit");
  equal(status, 409);
  match(html, /Mend the annotation/);
  equal((await pageFor("oidc:alice", "/views/alices/edit", { templates: () => undefined })).status, 503);
});

Deno.test("without scripts, a form says how to go on in a terminal", async () => {
  const { html } = await pageFor("oidc:alice", "/views/alices/edit");
  match(html, /<noscript>.*curl -X PATCH.*\/_api\/views\/alices/s);
});
