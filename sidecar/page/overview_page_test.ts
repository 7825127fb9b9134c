import { equal, match, ok } from "node:assert/strict";
import type { ViewResource } from "@view-gateway/types";
import { overviewPage } from "./overview_page.ts";

const view = (change: Partial<ViewResource> = {}): ViewResource => ({
  name: "hello",
  subsets: [],
  route: { hostname: "hello.localhost", url: "http://hello.localhost:8080/" },
  phase: "asleep",
  createdAt: "2026-01-01T00:00:00Z",
  ...change,
});
const page = (...views: ViewResource[]) => overviewPage(views, false).html;

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
  match(page(), /_api\/views/);
  const link = /<a href="\/_api\/views">/;
  match(overviewPage([view()], true).html, link);
  ok(!link.test(page(view())));
});

Deno.test("the page shows what annotations and Kubernetes say as text", () => {
  const evil = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`;
  const html = page(view({
    phase: "failed",
    subsets: [{ bucket: "lake", prefix: evil }],
    cause: { reason: evil, message: evil },
  }));
  ok(!/<script|<img/i.test(html), html);
  equal(html.match(/&lt;script&gt;/g)?.length, 3);
  // In an attribute, too: a quote must not end it.
  const title = /title="([^"]*)"/.exec(html)?.[1] ?? "";
  match(title, /&quot;/);
  ok(title.includes("&amp;amp;"), title);
});

Deno.test("a view without a valid spec shows no subsets", () => {
  const { subsets: _, ...invalid } = view({ phase: "failed", cause: { reason: "InvalidSpec", message: "not JSON" } });
  match(page(invalid), /InvalidSpec: not JSON/);
});
