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

Deno.test("each view is there with its phase, its subsets and its link", () => {
  const subsets = [{ bucket: "lake", prefix: "sales/" }, { bucket: "other" }];
  const html = page(view({ phase: "awake", subsets }), view({ name: "second" }));
  match(html, /href="http:\/\/hello\.localhost:8080\/"/);
  match(html, /awake/);
  match(html, /lake\/sales\//);
  match(html, /second/);
});

Deno.test("a view whose pod has a former spec says that it needs a restart", () => {
  match(page(view({ restartNeeded: ["subsets", "template"] })), /restart needed: subsets and template changed/);
  ok(!/restart/.test(page(view())));
});

Deno.test("where there is no view the page says how to make one, and where there are more it leads on", () => {
  match(page(), /_api\/views/);
  const link = /<a href="\/_api\/views">/;
  match(overviewPage([view()], true).html, link);
  ok(!link.test(page(view())));
});

Deno.test("whatever an annotation or Kubernetes says is text, and no part of the page", () => {
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

Deno.test("a view without a valid spec has no subsets to show", () => {
  const { subsets: _, ...invalid } = view({ phase: "failed", cause: { reason: "InvalidSpec", message: "not JSON" } });
  match(page(invalid), /InvalidSpec: not JSON/);
});
