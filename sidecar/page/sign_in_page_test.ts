import { equal, match, ok } from "node:assert/strict";
import { type SignInPage, signInPage } from "./sign_in_page.ts";

const page = (change: Partial<SignInPage> = {}) =>
  signInPage({
    ...{ user: undefined, notice: undefined, members: [], issuerLink: undefined, isDirect: false },
    views: "https://*.views.example",
    ...change,
  });

Deno.test("the page has a form for a token, and the issuer's button only where there is one", () => {
  match(page().html, /<form id="token-form" method="post" action="\/_auth\/token"/);
  ok(!page().html.includes('id="issuer"'));
  match(page({ issuerLink: "/_auth/login?path=%2Fa&view=b" }).html, /href="\/_auth\/login\?path=%2Fa&amp;view=b"/);
});

Deno.test("a signed-in person sees their name, and can sign out", () => {
  const { html } = page({ user: "oidc:<b>ada" });
  match(html, /You are <b>oidc:&lt;b&gt;ada<\/b>/);
  match(html, /<form id="sign-out" method="post" action="\/_auth\/sign-out">/);
  ok(!page().html.includes('id="sign-out"'));
});

Deno.test("whatever is in a goal or a notice is text", () => {
  const evil = `"><script>alert(1)</script>`;
  const { html } = page({ members: [["path", evil]], notice: { text: evil, isBad: true }, issuerLink: evil });
  equal(html.match(/<script>/g)?.length, 1);
  ok(!html.includes("alert(1)<"));
});

Deno.test("the page loads nothing, is in no frame, and its form leads to the gateway's hosts alone", () => {
  const { contentSecurityPolicy, referrerPolicy } = page();
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self' https://*.views.example"]) {
    ok(contentSecurityPolicy.split("; ").includes(part), part);
  }
  // Otherwise the form's request would not say its origin.
  equal(referrerPolicy, "same-origin");
});
