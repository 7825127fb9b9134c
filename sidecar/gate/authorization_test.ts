import { deepEqual, equal } from "node:assert/strict";
import { goesRound, requestOf, responseOf } from "./authorization.ts";

const check = (host: string, headers: Record<string, string> = {}) =>
  requestOf({ attributes: { request: { http: { host, headers } } } }, "localhost");

Deno.test("a Check asks for the view that its host names", () => {
  deepEqual(check("Hello.localhost:8080"), { view: "hello", host: "Hello.localhost:8080", passes: 0 });
  equal(check("elsewhere.example").view, undefined);
  equal(requestOf({}, "localhost").view, undefined);
});

Deno.test("a request that passes takes along how often it has", () => {
  const request = check("hello.localhost", { "x-gate-pass": "1" });
  const header = responseOf({ kind: "pass", view: "hello" }, request)?.okResponse?.headers?.[0]?.header;
  deepEqual(header, { key: "x-gate-pass", value: "2" });
});

Deno.test("a request that keeps coming back goes round", () => {
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "2" })), false);
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "3" })), true);
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "not a number" })), true);
});

Deno.test("a denied request is answered by a problem document", () => {
  const response = responseOf({ kind: "denied", denial: { kind: "unknown view", host: "nope.localhost" } }, check(""));
  equal(response?.deniedResponse?.status?.code, 404);
  const body = JSON.parse(response?.deniedResponse?.body ?? "");
  equal(body.detail, "There is no view at nope.localhost.");
  equal(response?.deniedResponse?.headers?.[0]?.header?.value, "application/problem+json");
});

Deno.test("what may pass later says when to come again", () => {
  const denial = { kind: "too many held", view: "hello", limit: 10 } as const;
  const headers = responseOf({ kind: "denied", denial }, check(""))?.deniedResponse?.headers ?? [];
  equal(headers.find(({ header }) => header?.key === "retry-after")?.header?.value, "2");
});

Deno.test("a request that is handed back is not answered at all", () => {
  equal(responseOf({ kind: "handed back" }, check("hello.localhost")), undefined);
});
