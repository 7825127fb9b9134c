import { deepEqual, equal, match, ok } from "node:assert/strict";
import { askFor, contactOf, contactProblem } from "./contact.ts";
import { noticePage } from "./notice_page.ts";
import { failure } from "./progress.ts";
import { progressPage } from "./progress_page.ts";
import { signInPage } from "./sign_in_page.ts";

Deno.test("a contact is a link for mail or the web, or a text", () => {
  equal(contactOf(""), undefined);
  deepEqual(contactOf("mailto:data@example.com?subject=Views"), {
    text: "data@example.com",
    url: "mailto:data@example.com?subject=Views",
  });
  deepEqual(contactOf("https://help.example.com/data"), {
    text: "help.example.com/data",
    url: "https://help.example.com/data",
  });
  deepEqual(contactOf("the data team: room 3, 100 % there"), { text: "the data team: room 3, 100 % there" });
});

Deno.test("a link of another scheme, and one that leads nowhere, is refused", () => {
  const good = ["", "mailto:a@b.example", "HTTPS://help.example/?a=b", "the data team", "Slack: #data", "Room 3:12"];
  deepEqual(good.map(contactProblem), good.map(() => undefined));
  const bad = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://help.example",
    "vbscript:x",
    "https:",
    "https://",
    "https://user:secret@help.example",
    "mailto:nobody",
    "tel:+123",
  ];
  // Without anything behind the colon it is a text.
  deepEqual(bad.filter((value) => contactProblem(value) === undefined), ["https:"]);
  deepEqual(contactOf("https:"), { text: "https:" });
});

Deno.test("whatever a contact is, the page shows it as text, and links only mail and the web", () => {
  const evil = `"'><script>alert(1)</script><a href=javascript:alert(1)>&amp;`;
  for (const value of [evil, `mailto:a@b"><script>`, `https://help.example/"><script>alert(1)</script>`]) {
    const shown = String(askFor("If you need help", contactOf(value)));
    ok(!/<script|<a href=j|"><s/.test(shown), shown);
    ok([...shown.matchAll(/href="([^"]*)"/g)].every(([, url]) => /^(mailto:|https:\/\/)/.test(url!)), shown);
  }
});

Deno.test("a page names the contact where there is one", () => {
  const contact = contactOf("mailto:data@example.com")!;
  const link =
    /<p id="contact" >If you need help, ask <a href="mailto:data@example.com"><bdi>data@example.com<\/bdi><\/a>\.<\/p>/;
  match(noticePage({ title: "Not Found", text: "no", contact }).html, link);
  ok(!noticePage({ title: "Not Found", text: "no" }).html.includes('id="contact"'));
});

Deno.test("the page of a start names the contact only once the start has failed", () => {
  const contact = { text: "the data team" };
  const failed = failure("hello", { reason: "Error", message: "no" });
  const asked = (hidden: string) => new RegExp(`<p id="contact" ${hidden}>If you need help, ask <bdi>the data team<`);
  match(progressPage(failed, { contact }).html, asked(""));
  match(progressPage({ ...failed, phase: "starting", goesOn: true }, { contact }).html, asked("hidden"));
});

Deno.test("the sign-in names the contact, until somebody has signed in", () => {
  const page = (user: string | undefined) =>
    signInPage({
      ...{ user, notice: undefined, members: [], issuerLink: undefined, isDirect: false, views: "https://*.example" },
      contact: { text: "the data team" },
    }).html;
  match(page(undefined), /If you cannot sign in, ask <bdi>the data team<\/bdi>\./);
  ok(!page("oidc:ada").includes("the data team"));
});
