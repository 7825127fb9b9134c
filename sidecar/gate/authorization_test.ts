import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import type { Denial } from "./denial.ts";
import { goesRound, requestOf, responseOf } from "./authorization.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const check = (host: string, headers: Record<string, string> = {}) =>
  requestOf({ attributes: { request: { http: { method: "GET", host, headers } } } }, "localhost");

Deno.test("a Check asks for the view that its host names", () => {
  deepEqual(check("Hello.localhost:8080"), {
    view: "hello",
    host: "Hello.localhost:8080",
    passes: 0,
    navigation: false,
  });
  equal(check("elsewhere.example").view, undefined);
  equal(requestOf({}, "localhost").view, undefined);
});

Deno.test("a request that passes takes along how often it has", () => {
  const request = check("hello.localhost", { "x-gate-pass": "1" });
  const header = responseOf({ kind: "pass", view: "hello" }, request, now)?.okResponse?.headers?.[0]?.header;
  deepEqual(header, { key: "x-gate-pass", value: "2" });
});

Deno.test("a request that keeps coming back goes round", () => {
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "2" })), false);
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "3" })), true);
  equal(goesRound(check("hello.localhost", { "x-gate-pass": "not a number" })), true);
});

Deno.test("a denied request is answered by a problem document", () => {
  const response = responseOf(
    { kind: "denied", denial: { kind: "unknown view", host: "nope.localhost" } },
    check(""),
    now,
  );
  equal(response?.deniedResponse?.status?.code, 404);
  const body = JSON.parse(response?.deniedResponse?.body ?? "");
  equal(body.detail, "There is no view at nope.localhost.");
  const headers = response?.deniedResponse?.headers ?? [];
  equal(headers.find(({ header }) => header?.key === "content-type")?.header?.value, "application/problem+json");
});

Deno.test("what may pass later says when to come again", () => {
  const denial = { kind: "too many held", view: "hello", limit: 10 } as const;
  const headers = responseOf({ kind: "denied", denial }, check(""), now)?.deniedResponse?.headers ?? [];
  equal(headers.find(({ header }) => header?.key === "retry-after")?.header?.value, "2");
});

Deno.test("a request that is handed back is not answered at all", () => {
  equal(responseOf({ kind: "handed back" }, check("hello.localhost"), now), undefined);
});

const browser = { accept: "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
const cause = { reason: "ErrImagePull", message: "no such <image>" };
const DENIALS: readonly Denial[] = [
  { kind: "unknown view", host: "nope.localhost" },
  { kind: "invalid spec", view: "hello", cause },
  { kind: "failed", view: "hello", cause, retryAfter: 8 },
  { kind: "waiting", view: "hello", state: undefined },
  { kind: "too many held", view: "hello", limit: 10 },
  { kind: "busy", view: "hello", message: "8 other views are being launched." },
  { kind: "closing", view: "hello" },
  { kind: "unavailable", view: "hello", message: "connection refused" },
  { kind: "timeout", view: "hello", seconds: 120, state: undefined },
];

Deno.test("a browser gets a page instead, with the same status, that nobody keeps", () => {
  for (const denial of DENIALS) {
    const denied = (headers: Record<string, string>) => {
      const response = responseOf({ kind: "denied", denial }, check("hello.localhost", headers), now)?.deniedResponse;
      const told = Object.fromEntries((response?.headers ?? []).map(({ header }) => [header?.key, header?.value]));
      return { status: response?.status?.code, headers: told, body: response?.body ?? "" };
    };
    const page = denied(browser);
    const problem = denied({});
    equal(page.status, problem.status);
    notEqual(page.status, 502);
    equal(page.headers["content-type"], "text/html; charset=utf-8");
    match(page.headers["content-security-policy"] ?? "", /^default-src 'none'; /);
    equal(page.headers["cache-control"], "no-store");
    equal(page.headers["retry-after"], problem.headers["retry-after"]);
    match(page.body, /^\s*<!doctype html>/);
    equal(problem.headers["content-type"], "application/problem+json");
    equal(JSON.parse(problem.body).status, problem.status);
  }
});
