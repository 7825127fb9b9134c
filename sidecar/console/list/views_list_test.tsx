import { equal, match, ok } from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { ListPage } from "../console_page.ts";
import { Console } from "../page/console.tsx";
import { listPage, shownView } from "../testing/pages.ts";

const htmlOf = (page: ListPage) => renderToString(<Console page={page} />);
const textOf = (html: string) => html.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
const textFor = (...parameters: Parameters<typeof listPage>) => textOf(htmlOf(listPage(...parameters)));

Deno.test("a row tells the view's phase, how it started, and when it falls asleep", () => {
  const view = shownView("hello", { phase: "awake", start: "warm", sleepsAt: "2026-01-01T12:12:30Z" });
  match(textFor([view]), /hello .*awake .*warm .*you .*sleeps in 12.min/);
});

Deno.test("a row tells why a view has failed, and what needs a restart", () => {
  const cause = { reason: "ErrImagePull", message: "no such image" };
  match(textFor([shownView("hello", { phase: "failed", cause })]), /failed .*ErrImagePull no such image/);
  match(
    textFor([shownView("hello", { phase: "awake", restartNeeded: ["subsets", "template"] })]),
    /Restart needed: subsets and template changed/,
  );
});

Deno.test("a row names the first subsets, says which are written, and counts the others", () => {
  const subsets = Array.from({ length: 64 }, (_, i) => ({ bucket: "lake", prefix: `part-${i}/` }));
  const text = textFor([shownView("hello", { subsets: [{ bucket: "lake", access: "readwrite" }, ...subsets] })]);
  match(text, /lake\/ .*writes .*lake\/part-0\/ .*and 63 more/);
  ok(!text.includes("part-1/"));
});

Deno.test("each button names its view", () => {
  const html = htmlOf(listPage([shownView("first"), shownView("second", { phase: "awake" })]));
  for (const label of ["Open first", "Wake first", "Delete first", "Open second", "Sleep: second", "Delete second"]) {
    match(html, new RegExp(`aria-label="${label}"`));
  }
});

Deno.test("the list counts all views, or those that fit, and leads to its next page", () => {
  match(textFor([shownView("a")], { total: 10_000, next: "/?after=a" }), /10,000 views .*Next page/);
  match(textFor([shownView("a")], { query: { q: "a", after: "b" } }), /1 view fits .*First page/);
});

Deno.test("without a view, the list says what a view is and how to create one", () => {
  const html = htmlOf(listPage([], { manifest: "kind: Service\n" }));
  match(html, /<a class="button" href="\/new">Create a view<\/a>/);
  match(textOf(html), /A view is a small web application .*curl http:\/\/localhost:8080\/_api\/views .*Bearer \$TOKEN/);
  match(html, /kubectl apply -f - &lt;&lt;'END'\nkind: Service\nEND/);
  const { visitor: _, ...anybodys } = listPage([]);
  ok(!htmlOf(anybodys).includes("Bearer"));
});

Deno.test("a user who may not create views learns who can help", () => {
  const text = textFor([], { canCreate: false, contact: { text: "the data team" } });
  match(text, /You may not create views\. .* the data team .*can give you the right/);
  ok(!/New view|curl/.test(text.replace(/Views New view API description/, "")));
});

Deno.test("where nothing fits, one link shows all views", () => {
  match(
    htmlOf(listPage([], { query: { phase: "awake" } })),
    /No view fits.*<a class="button" href="\/">Show all views/,
  );
});

Deno.test("the form has the present search, and keeps it without a script", () => {
  const html = htmlOf(listPage([], { query: { q: "sal", phase: "failed", owner: "oidc:bob" } }));
  match(html, /<input[^>]* name="q"[^>]* value="sal"/);
  match(html, /<option value="failed" selected>/);
  match(html, /<option value="oidc:bob" selected>/);
  equal(html.match(/ selected/g)?.length, 2);
});

Deno.test("where nobody signs in, each page warns; where somebody has a session, each page ends it", () => {
  const { visitor: _, ...anybodys } = listPage([shownView("a")]);
  match(textOf(htmlOf(anybodys)), /Everybody who reaches this gateway may create, open and delete all views/);
  const html = htmlOf(listPage([shownView("a")]));
  ok(!html.includes("Everybody who"));
  match(html, /<form [^>]*method="post" action="\/_auth\/sign-out">/);
});
