import { deepEqual, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import type { DetailsPage } from "../../console/console_page.ts";
import type { LastStart } from "@view-gateway/types";
import type { ViewState } from "../../view/state.ts";
import { believing, PERSON_HEADER, type Rbac, rightsWith } from "../testing/people.ts";
import { problemIn, startApi, startApiFor, startApiWith, viewNamed } from "../testing/views_api.ts";

const lastStart: LastStart = {
  ...{ at: "2026-01-01T00:00:00Z", start: "cold", outcome: "failed" },
  steps: [{ step: "creating container", seconds: 23 }],
};
const cause = { reason: "OOMKilled", message: "Container app ended with exit code 137" };
const sales: ViewState = {
  ...viewNamed("sales", { kind: "failed", job: "job-1", cause }),
  owner: "oidc:alice",
  spec: {
    subsets: [{ bucket: "lake", prefix: "payroll/", access: "readwrite" }],
    access: { users: ["oidc:dora"] },
  },
  failedLog: "first\nlast",
};
const open: ViewState = { ...sales, name: "open", public: true, spec: { ...sales.spec!, public: true } };

/** The page of a view for this person, as a browser gets it. */
async function pageFor(person: string, path: string, rbac: Rbac = {}, ...states: ViewState[]) {
  const { api, audited } = startApiWith(
    {
      authenticator: believing,
      rights: rightsWith(rbac),
      history: { lastStart: () => lastStart, lastRequestAt: () => undefined },
      contact: { text: "the data team" },
    },
    ...[sales, open, ...states],
  );
  const response = await api.request(path, {
    headers: {
      [PERSON_HEADER]: person,
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
      accept: "text/html",
      host: "localhost",
    },
  });
  const html = await response.text();
  const data = /<script type="application\/json" id="page">([^]*?)<\/script>/.exec(html)?.[1] ?? "{}";
  return { status: response.status, html, page: JSON.parse(data) as DetailsPage, audited };
}

Deno.test("the owner of a view sees all of it, and may do all with it", async () => {
  const { status, html, page } = await pageFor("oidc:alice", "/views/sales");
  equal(status, 200);
  deepEqual(page.may, { see: true, open: true, change: true, delete: true });
  deepEqual([page.view.lastStart, page.view.logLines, page.etag], [lastStart, ["first", "last"], '"1"']);
  match(page.advice ?? "", /needs more memory/);
  for (const button of ["Wake", "Sleep", "Restart", "Delete"]) {
    match(html, new RegExp(`<button[^>]*>${button}</button>`));
  }
  match(html, /href="\/views\/sales\/edit"[^>]*>Edit</);
});

Deno.test("somebody with whom a view is shared sees it, wakes it, and gets neither its log nor other actions", async () => {
  const { html, page } = await pageFor("oidc:dora", "/views/sales");
  deepEqual(page.may, { see: true, open: true, change: false, delete: false });
  match(html, /lake.*payroll/s);
  match(html, />Wake</);
  ok(!/>(Sleep|Restart|Edit|Share|Delete)<|If-Match/.test(html));
  equal(page.view.logLines, undefined);
});

Deno.test("somebody who may only open a view sees its name, its phase and its address, and no refusal is noted", async () => {
  const { status, html, page, audited } = await pageFor("oidc:mallory", "/views/open");
  equal(status, 200);
  deepEqual(Object.keys(page.view).sort(), ["createdAt", "name", "phase", "public", "route"]);
  deepEqual(page.may, { see: false, open: true, change: false, delete: false });
  match(html, /<a [^>]*href="http:\/\/open\.localhost\/"/);
  ok(!/payroll|alice|dora|OOMKilled|manifest|Sleep|Delete/.test(html));
  deepEqual(audited, []);
});

Deno.test("a right by RBAC offers what it gives", async () => {
  const { page } = await pageFor("oidc:root", "/views/sales", { "oidc:root": ["get", "delete"] });
  deepEqual(page.may, { see: true, open: false, change: false, delete: true });
});

Deno.test("a view that is forbidden or unknown is a page with the problem; the refusal is noted", async () => {
  const forbidden = await pageFor("oidc:mallory", "/views/sales");
  equal(forbidden.status, 403);
  match(forbidden.html, /<h1>Forbidden<\/h1>.*Ask .*the data team/s);
  ok(!/payroll|OOMKilled/.test(forbidden.html));
  equal(forbidden.audited.length, 1);
  equal((await pageFor("oidc:alice", "/views/none")).status, 404);
  equal((await pageFor("oidc:unreviewed", "/views/sales")).status, 503);
});

Deno.test("a page that is open gets its data alone, and problems as a program does", async () => {
  const { send } = startApiFor({}, sales);
  const { body } = await send("oidc:alice", "GET", "/views/sales", undefined, { accept: "application/json" });
  deepEqual([body.page, body.view.name], ["view", "sales"]);
  problemIn(await send("oidc:mallory", "GET", "/views/sales"), 403, "forbidden");
  problemIn(await send("oidc:alice", "GET", "/views/none"), 404, "unknown-view");
  problemIn(await send(undefined, "GET", "/views/sales"), 401, "sign-in");
});

Deno.test("the manifest is the Service that the API makes", async () => {
  const { post, written } = startApi();
  const spec = { subsets: [], access: { users: ["x".repeat(250), "o'neil: \"#"] }, idleSeconds: 60 };
  await post({ name: "same", ...spec });
  const [made] = written as [{ metadata: { annotations: Record<string, string> } }];
  const asked = startApi({ ...viewNamed("same"), spec: JSON.parse(made.metadata.annotations["view.yolean.se/spec"]!) });
  const { body } = await asked.ask("GET", "/views/same", { headers: { accept: "application/json" } });
  deepEqual(parse(body.manifest), JSON.parse(JSON.stringify(made)));
  ok(body.manifest.split("\n").some((line: string) => line.length > 250), "no line is folded");
});

Deno.test("a view with a Service of another kind, or without a valid spec, has no manifest", async () => {
  const { ask } = startApi(
    { ...viewNamed("other"), target: { targetPort: 8080, labels: {} } },
    { ...viewNamed("broken", { kind: "failed", job: undefined, cause }), spec: undefined },
  );
  for (const name of ["other", "broken"]) {
    const { status, body } = await ask("GET", `/views/${name}`, { headers: { accept: "application/json" } });
    deepEqual([status, body.manifest], [200, undefined], name);
  }
});
