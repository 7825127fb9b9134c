import { equal, match, ok } from "node:assert/strict";
import { type Overview, overviewPage, type OverviewRow } from "./overview_page.ts";

const view = (change: Partial<OverviewRow> = {}): OverviewRow => ({
  name: "hello",
  subsets: [],
  route: { hostname: "hello.localhost", url: "http://hello.localhost:8080/" },
  phase: "asleep",
  createdAt: "2026-01-01T00:00:00Z",
  isPublic: false,
  ...change,
});
const alice = { user: "oidc:alice", canSignOut: true };
const overview = (change: Partial<Overview>) => overviewPage({ rows: [], more: false, visitor: alice, ...change });
const page = (...rows: OverviewRow[]) => overview({ rows }).html;

Deno.test("the page shows each view with its phase, its subsets and its link", () => {
  const subsets = [{ bucket: "lake", prefix: "sales/" }, { bucket: "other" }];
  const html = page(view({ phase: "awake", subsets }), view({ name: "second" }));
  match(html, /href="http:\/\/hello\.localhost:8080\/"/);
  match(html, /awake/);
  match(html, /lake\/sales\//);
  match(html, /second/);
});

Deno.test("the page says which views need a restart, and why", () => {
  match(page(view({ restartNeeded: ["subsets", "template"] })), /restart needed: subsets and template changed/);
  ok(!/restart/.test(page(view())));
});

Deno.test("without views, the page says how to create one; with more views, it has a link to them", () => {
  match(page(), /There is no view that you may open\. .*Bearer \$TOKEN.* URL\/_api\/views/s);
  match(overview({ visitor: undefined }).html, /There is no view yet\. .*curl -H (&#39;|')Content-Type/s);
  const link = /<a href="\/_api\/views">/;
  match(overview({ rows: [view()], more: true }).html, link);
  ok(!link.test(page(view())));
});

Deno.test("the page shows what annotations and Kubernetes say as text", () => {
  const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`;
  const html = page(view({
    phase: "failed",
    subsets: [{ bucket: "lake", prefix: evil }],
    cause: { reason: evil, message: evil },
    owner: evil,
  }));
  ok(!/<script|<img/i.test(html), html);
  equal(html.match(/&lt;script&gt;/g)?.length, 4);
  ok(!/<script|<img/i.test(overview({ visitor: { user: evil, email: evil, canSignOut: true } }).html));
  // In an attribute, too: a quote must not end it.
  const title = /title="([^"]*)"/.exec(html)?.[1] ?? "";
  match(title, /&quot;/);
  ok(title.includes("&amp;amp;"), title);
});

Deno.test("the page shows whether a view has started warm or cold", () => {
  match(page(view({ phase: "awake", start: "warm" })), />awake<\/span>\s*<small>warm<\/small>/);
  match(page(view({ phase: "starting", start: "cold" })), />starting<\/span>\s*<small>cold<\/small>/);
  ok(!/<small>(warm|cold)/.test(page(view({ phase: "awake" }))));
});

Deno.test("a view without a valid spec shows no subsets", () => {
  const { subsets: _, ...invalid } = view({ phase: "failed", cause: { reason: "InvalidSpec", message: "not JSON" } });
  match(page(invalid), /InvalidSpec: not JSON/);
});

Deno.test("the page shows the signed-in user, who can end a session by a form to the gateway's own origin", () => {
  const { html, contentSecurityPolicy, referrerPolicy } = overview({});
  match(html, /Signed in as <b>oidc:alice<\/b>/);
  match(html, /<form [^>]*method="post" action="\/_auth\/sign-out">/);
  match(html, /<button>Sign out<\/button>/);
  match(contentSecurityPolicy, /form-action 'self'/);
  // With no-referrer the form's request would say nothing of its origin.
  equal(referrerPolicy, "same-origin");

  const withToken = overview({ visitor: { ...alice, email: "alice@example.com", canSignOut: false } });
  match(withToken.html, /<b>alice@example\.com<\/b>\s*<small>oidc:alice</);
  ok(!/<button/.test(withToken.html));
  match(withToken.contentSecurityPolicy, /form-action 'none'/);
  equal(withToken.referrerPolicy, "no-referrer");
});

Deno.test("the page warns where nobody has to sign in", () => {
  match(overview({ visitor: undefined }).html, /Everybody who reaches this gateway may create, open and delete all/);
  ok(!/Everybody/.test(page(view())));
});

Deno.test("the page says which views are open to everybody, and whose each view is", () => {
  ok(!/class="public"/.test(page(view())));
  match(page(view({ isPublic: true })), /hello<\/a>\s*<small class="public">public<\/small>/);
  match(page(view({ owner: "oidc:alice" })), /<td>you<\/tr>/);
  match(page(view({ owner: "oidc:bob" })), /<td>oidc:bob<\/tr>/);
  match(page(view()), /<td>–<\/tr>/);
});
