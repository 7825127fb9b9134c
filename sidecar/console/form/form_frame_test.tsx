import { equal, match, ok } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { renderToString } from "preact-render-to-string";
import type { NewPage } from "../console_page.ts";
import { EditForm } from "./edit_form.tsx";
import { NewForm } from "./new_form.tsx";
import { RestartOffer } from "./restart_offer.tsx";
import { DEFAULT_LIMITS } from "./testing/limits.ts";

const FRAME = { now: "2026-01-01T00:00:00Z", origin: "http://localhost:8080", limits: DEFAULT_LIMITS } as const;
const templates = {
  items: [
    { name: "default", isDefault: true, description: "A list of objects." },
    { name: "duckdb", isDefault: false, warm: 3 },
    { name: "none-ready", isDefault: false, warm: 0 },
    { name: "orders", isDefault: false, warm: 2, problem: "It is not a Job." },
  ],
};
const newForm = (change: Partial<NewPage> = {}) =>
  renderToString(<NewForm page={{ ...FRAME, page: "new", templates, ...change }} />);
const view: ViewResource = {
  name: "sales",
  subsets: [{ bucket: "lake", prefix: "<b>&/", access: "readwrite" }],
  template: "old",
  idleSeconds: 5_400,
  access: { users: ["oidc:anna", "oidc:bob"], groups: ["oidc:sales"] },
  route: { hostname: "sales.localhost", url: "http://sales.localhost:8080/" },
  phase: "awake",
  createdAt: "2026-01-01T00:00:00Z",
};
const editForm = (change: Partial<ViewResource> = {}) =>
  renderToString(
    <EditForm page={{ ...FRAME, page: "edit", view: { ...view, ...change }, etag: '"1"', templates }} />,
  );
const inputOf = (html: string, attribute: string) =>
  [...html.matchAll(/<(?:input|option|button|textarea)[^>]*>/g)].map(([tag]) => tag).find((tag) =>
    tag.includes(attribute)
  ) ??
    "";

Deno.test("the default template is chosen; a broken one tells its problem and cannot be chosen", () => {
  const html = newForm();
  match(inputOf(html, 'value="default"'), /checked/);
  ok(!/checked|disabled/.test(inputOf(html, 'value="duckdb"')));
  match(inputOf(html, 'value="orders"'), /disabled/);
  match(html, /No view can start from it: It is not a Job\./);
  equal(html.match(/starts at once/g)?.length, 1, "only of a template with pods that are ready");
});

Deno.test("each field has a label, and what describes it is there", () => {
  for (const html of [newForm({ limits: { ...DEFAULT_LIMITS, publicViews: true } }), editForm()]) {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
    equal(new Set(ids).size, ids.length, "each id is there once");
    for (const [, list] of html.matchAll(/aria-describedby="([^"]*)"/g)) {
      for (const id of list!.split(" ")) ok(ids.includes(id), id);
    }
    for (const [, id] of html.matchAll(/<label for="([^"]*)"/g)) ok(ids.includes(id!), id);
  }
});

Deno.test("nobody can type before the script runs: it would be lost", () => {
  match(newForm(), /<fieldset[^>]*class="whole"[^>]*disabled|<fieldset[^>]*disabled[^>]*class="whole"/);
});

Deno.test("what the gateway cannot do is not offered", () => {
  const html = newForm({ limits: { ...DEFAULT_LIMITS, hasLake: false } });
  ok(!html.includes("Which data it gets"));
  ok(!html.includes("everybody, without a sign-in"));
  match(newForm({ limits: { ...DEFAULT_LIMITS, publicViews: true } }), /everybody, without a sign-in/);
});

Deno.test("the times say the gateway's defaults", () => {
  const html = newForm();
  match(html, /15 minutes, the gateway&#39;s default|15 minutes, the gateway's default/);
  match(html, /1 day, the gateway/);
});

Deno.test("where nobody signs in, the sharing says what that means", () => {
  match(newForm(), /Nobody signs in to this gateway/);
  match(newForm({ visitor: { user: "oidc:anna", canSignOut: true } }), /that is you/);
});

Deno.test("a view's form has all that its spec says, and no name to change", () => {
  const html = editForm();
  ok(!html.includes('id="name"'));
  match(inputOf(html, 'id="subset-0-bucket"'), /value="lake"/);
  match(html, /<input id="subset-0-prefix" value="&lt;b>&amp;\/"/);
  match(inputOf(html, 'value="readwrite"'), /selected/);
  match(inputOf(html, 'value="old"'), /checked/);
  match(html, /there is no such template any more/);
  match(inputOf(html, 'id="idle"'), /value="90"/);
  match(inputOf(html, 'value="minutes"'), /selected/);
  match(html, /<textarea[^>]*id="users"[^>]*>oidc:anna\noidc:bob<\/textarea>/);
  match(html, /A running view gets other data only by a restart/);
  ok(!editForm({ phase: "asleep" }).includes("only by a restart"));
});

Deno.test("a public view can be closed where the gateway allows public views no more", () => {
  match(inputOf(editForm({ public: true }), 'id="public"'), /checked/);
});

Deno.test("without scripts, a form has the command that does the same", () => {
  match(newForm(), /<noscript>.*curl -H &#39;|<noscript>.*curl -H '/s);
  ok(!newForm().includes("$TOKEN"), "where nobody signs in, a program needs no token");
  match(newForm({ visitor: { user: "oidc:anna", canSignOut: true } }), /\$TOKEN/);
  match(newForm(), /<noscript>.*kubectl view create sales-2025 --subset=lake\/sales\/2025\/.*<\/noscript>/s);
  match(editForm(), /curl -X PATCH/);
  ok(!editForm().includes("kubectl view"), "the plugin changes no specs");
});

Deno.test("after a save, the page says what the pod keeps until a restart", () => {
  const html = renderToString(<RestartOffer view={{ ...view, restartNeeded: ["subsets", "template"] }} />);
  match(html, /keeps its former data and template until a restart/);
  ok(!renderToString(<RestartOffer view={view} />).includes("Restart it now"));
});
