import { deepEqual, equal, match, ok } from "node:assert/strict";
import { viewState } from "../view/testing/view_state.ts";
import type { Denial } from "./denial.ts";
import { denialAnswers } from "./denial_answers.ts";
import { denialHeader } from "./denial_header.ts";

const gateToken = "c2VjcmV0";
const views = new Map([["hello", viewState({ kind: "starting", job: "job-1", step: "Pulling" } as never, {})]]);
const handler = denialAnswers(
  { views, gateToken, now: () => Date.parse("2026-01-01T00:00:00Z") },
  () => new Response("next"),
);
const ask = async (headers: Record<string, string>) => {
  const response = await handler(new Request("http://hello.localhost/any/path", { headers }));
  return { status: response.status, headers: response.headers, body: await response.text() };
};
const denied = (denial: Denial, headers: Record<string, string> = {}) =>
  ask({ "x-gate-denial": denialHeader(denial, gateToken), ...headers });

const BROWSER = { accept: "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
const cause = { reason: "ErrImagePull", message: "no such <image> “日本”\r\n" };
const DENIALS: readonly Denial[] = [
  { kind: "sign-in", view: "hello" },
  { kind: "forbidden", view: "hello", user: "oidc:<bob>", owner: "oidc:alice" },
  { kind: "cross-site", view: "hello" },
  { kind: "access-unknown", view: "hello", message: "The API server cannot be reached." },
  { kind: "unknown view", host: "nope.localhost" },
  { kind: "invalid spec", view: "hello", cause },
  { kind: "failed", view: "hello", cause, retryAfter: 8 },
  { kind: "waiting", view: "hello", state: undefined },
  { kind: "too many held", view: "hello", full: { of: "one", limit: 10 } },
  { kind: "too many bytes", view: "hello", full: { of: "all", limit: 64 << 20 } },
  { kind: "busy", view: "hello", message: "The gateway already launches 8 other views, which is the limit." },
  { kind: "closing", view: "hello" },
  { kind: "unavailable", view: "hello", message: "connection refused" },
  { kind: "launch timeout", view: "hello", seconds: 30, waitedFor: "its template" },
  { kind: "not routed", view: "hello", message: "Envoy refuses it: <no>" },
  { kind: "unreachable", view: "hello", state: undefined },
  { kind: "fault", view: "hello" },
  { kind: "timeout", view: "hello", seconds: 120, state: undefined },
];

Deno.test("a denied request gets a problem document", async () => {
  const { status, headers, body } = await denied({ kind: "unknown view", host: "nope.localhost" });
  deepEqual([status, headers.get("content-type")], [404, "application/problem+json"]);
  equal(JSON.parse(body).detail, "There is no view at nope.localhost.");
});

Deno.test("a temporary denial says when to retry", async () => {
  equal(
    (await denied({ kind: "too many held", view: "hello", full: { of: "one", limit: 10 } })).headers.get(
      "retry-after",
    ),
    "2",
  );
  equal((await denied({ kind: "failed", view: "hello", cause, retryAfter: 8 })).headers.get("retry-after"), "8");
});

Deno.test("the problem has the words of the cause, whatever they are", async () => {
  const { body } = await denied({ kind: "invalid spec", view: "hello", cause });
  equal(JSON.parse(body).detail, cause.message);
});

Deno.test("a very long cause is cut: Envoy takes headers of 60 kB at most", async () => {
  const denial = {
    kind: "invalid spec",
    view: "hello",
    cause: { reason: "InvalidSpec", message: "日".repeat(100_000) },
  } as const;
  ok(denialHeader(denial, gateToken).length < 10_000);
  equal(JSON.parse((await denied(denial)).body).detail, "日".repeat(2_000) + "…");
});

Deno.test("the problem shows the view's present state", async () => {
  match(JSON.parse((await denied({ kind: "waiting", view: "hello", state: undefined })).body).detail, /still starting/);
  match(JSON.parse((await denied({ kind: "waiting", view: "gone", state: undefined })).body).detail, /still asleep/);
});

Deno.test("a browser gets a page with the same status, and no cache keeps it", async () => {
  for (const denial of DENIALS) {
    const page = await denied(denial, BROWSER);
    const problem = await denied(denial);
    equal(page.status, problem.status);
    equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    match(page.headers.get("content-security-policy") ?? "", /^default-src 'none'; /);
    equal(page.headers.get("cache-control"), "no-store");
    equal(page.headers.get("retry-after"), problem.headers.get("retry-after"));
    match(page.body, /^\s*<!doctype html>/);
    equal(problem.headers.get("content-type"), "application/problem+json");
    equal(JSON.parse(problem.body).status, problem.status);
  }
});

Deno.test("a program without a good token gets an answer that says how to send one", async () => {
  const { status, headers } = await denied({ kind: "sign-in", view: "hello" });
  deepEqual([status, headers.get("www-authenticate")], [401, 'Bearer realm="view-gateway"']);
  equal((await denied({ kind: "forbidden", view: "hello", user: "a" })).headers.get("www-authenticate"), null);
});

Deno.test("a browser without a session goes to the sign-in, and a program does not", async () => {
  const signIn = ({ url }: Request, view?: string) => Promise.resolve(new Response(`${view} ${url}`, { status: 302 }));
  const answers = denialAnswers({ views, gateToken, signIn, now: () => 0 }, () => new Response("next"));
  const ask = async (denial: Denial, headers: Record<string, string>) => {
    const header = { "x-gate-denial": denialHeader(denial, gateToken), ...headers };
    return await answers(new Request("http://hello.localhost/path?a=1", { headers: header }));
  };
  const redirect = await ask({ kind: "sign-in", view: "hello" }, BROWSER);
  deepEqual([redirect.status, await redirect.text()], [302, "hello http://hello.localhost/path?a=1"]);
  equal((await ask({ kind: "sign-in", view: "hello" }, {})).status, 401);
  equal((await ask({ kind: "forbidden", view: "hello", user: "a" }, BROWSER)).status, 403);
});

Deno.test("a user who may not open a view gets a link to their views, where they can sign out", async () => {
  const baseOrigin = () => "https://views.example.com";
  const answers = denialAnswers({ views, gateToken, baseOrigin, now: () => 0 }, () => new Response("next"));
  const denial = denialHeader({ kind: "forbidden", view: "hello", user: "oidc:<bob>" }, gateToken);
  const headers = { "x-gate-denial": denial, ...BROWSER };
  const page = await (await answers(new Request("http://hello.localhost/", { headers }))).text();
  match(page, /You are oidc:&lt;bob&gt;\. You may not open view hello\./);
  match(page, /<a href="https:\/\/views\.example\.com\/">/);
});

Deno.test("a header without the gate's token is ignored", async () => {
  const denial = denialHeader({ kind: "closing", view: "hello" }, "another");
  for (const header of [denial, `${gateToken}`, `x${gateToken}.e30`, ""]) {
    equal((await ask({ "x-gate-denial": header })).body, "next", header);
  }
  equal((await ask({})).body, "next");
});

Deno.test("a page names the contact, unless the reader needs nobody: problems for programs do not", async () => {
  const answers = denialAnswers(
    { views, gateToken, contact: { text: "the data team" }, now: () => 0 },
    () => new Response("next"),
  );
  const asks = async (denial: Denial, headers: Record<string, string>) => {
    const request = new Request("http://hello.localhost/", {
      headers: { "x-gate-denial": denialHeader(denial, gateToken), ...headers },
    });
    const answer = await (await answers(request)).text();
    return /<p id="contact" (hidden)?>[^]*the data team/.exec(answer)?.[1] ?? answer.includes("the data team");
  };
  const browsers = await Promise.all(DENIALS.map(async (denial) => [denial.kind, await asks(denial, BROWSER)]));
  deepEqual(browsers.filter(([, asked]) => asked !== true), [["cross-site", false], ["waiting", "hidden"]]);
  for (const denial of DENIALS) equal(await asks(denial, {}), false, denial.kind);
});

Deno.test("what denies a traced request names its trace: a problem always, a page where it names the contact", async () => {
  const options = { views, gateToken, contact: { text: "the data team" }, now: () => 0 };
  const answers = denialAnswers(options, () => new Response("next"));
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const asks = async (denial: Denial, headers: Record<string, string>, traceId?: string) => {
    const header = { "x-gate-denial": denialHeader(denial, gateToken, traceId), ...headers };
    return await (await answers(new Request("http://hello.localhost/", { headers: header }))).text();
  };
  for (const denial of DENIALS) {
    equal(JSON.parse(await asks(denial, {}, trace)).traceId, trace, denial.kind);
    equal("traceId" in JSON.parse(await asks(denial, {})), false, denial.kind);
    const page = await asks(denial, BROWSER, trace);
    equal(page.includes(`and name trace <code id="trace">${trace}</code>.`), denial.kind !== "cross-site", denial.kind);
    equal((await asks(denial, BROWSER)).includes('id="trace"'), false, denial.kind);
  }
});
