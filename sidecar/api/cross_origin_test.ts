import { doesNotMatch, equal, match } from "node:assert/strict";
import { crossOrigin } from "./cross_origin.ts";

const refused = (headers: Record<string, string>) => crossOrigin(new Headers(headers)) ?? "";

Deno.test("a program that sends neither header may change views", () => {
  equal(refused({ host: "localhost:8080" }), "");
});

Deno.test("the API's own page may change views", () => {
  equal(refused({ host: "localhost:8080", origin: "http://localhost:8080", "sec-fetch-site": "same-origin" }), "");
  equal(refused({ host: "views.example.com:443", origin: "https://views.example.com" }), "");
  equal(refused({ host: "localhost", "sec-fetch-site": "none" }), "");
});

Deno.test("no other page may change views, including a view's own", () => {
  match(refused({ host: "localhost", "sec-fetch-site": "same-site" }), /Sec-Fetch-Site is same-site/);
  match(refused({ host: "localhost", "sec-fetch-site": "cross-site" }), /own origin/);
  for (const origin of ["http://hello.localhost", "http://localhost:81", "https://evil.example", "null", ""]) {
    match(refused({ host: "localhost", origin }), /^Origin is/, origin);
  }
});

Deno.test("the refusal is true of a stream too, which changes nothing", () => {
  doesNotMatch(refused({ host: "localhost", "sec-fetch-site": "same-site" }), /change/);
});

Deno.test("a page of plain HTTP changes no views of an API that is asked by https", () => {
  const asked = { host: "views.example.com", "x-forwarded-proto": "https" };
  match(refused({ ...asked, origin: "http://views.example.com" }), /^Origin is/);
  equal(refused({ ...asked, origin: "https://views.example.com" }), "");
});
