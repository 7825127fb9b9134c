import { deepEqual, equal } from "node:assert/strict";
import { checkRequestOf, hasTooManyPasses, responseTo, shouldGiveUp } from "./authorization.ts";

const check = (host: string, headers: Record<string, string> = {}) =>
  checkRequestOf({ method: "GET", headers: new Headers({ host, ...headers }) }, "localhost");

Deno.test("the host names the view", () => {
  deepEqual(check("Hello.localhost:8080"), {
    view: "hello",
    host: "Hello.localhost:8080",
    passes: 0,
    navigation: false,
    body: { length: undefined, chunked: false, upgrade: false },
    id: undefined,
  });
  equal(check("elsewhere.example").view, undefined);
  equal(checkRequestOf({ method: "GET", headers: new Headers() }, "localhost").view, undefined);
});

Deno.test("the gate knows what headers announce of a request's body", () => {
  const body = (headers: Record<string, string>) => check("hello.localhost", headers).body;
  const none = { length: undefined, chunked: false, upgrade: false };
  deepEqual(body({ "x-gate-body": "" }), none);
  deepEqual(body({ "x-gate-body": "0" }), { ...none, length: 0 });
  deepEqual(body({ "x-gate-body": "8388608" }), { ...none, length: 8_388_608 });
  deepEqual(body({ "x-gate-body": "chunked" }), { ...none, chunked: true });
  deepEqual(body({ "x-gate-body": "5 chunked" }), { ...none, length: 5, chunked: true });
  deepEqual(body({ upgrade: "websocket" }), { ...none, upgrade: true });
});

Deno.test("a request that passes takes the count of its passes along", () => {
  const { status, headers } = responseTo(
    { kind: "pass", view: "hello" },
    check("hello.localhost", { "x-gate-pass": "1" }),
    "token",
  );
  deepEqual([status, headers.get("x-gate-pass"), headers.has("x-gate-denial")], [200, "2", false]);
});

Deno.test("the gate gives up a request within its hold, and a browser's as soon as it would get a page", () => {
  const hold = 120_000;
  deepEqual([shouldGiveUp(114_000, hold, Infinity), shouldGiveUp(115_000, hold, Infinity)], [false, true]);
  deepEqual([shouldGiveUp(900, hold, 1_000), shouldGiveUp(1_000, hold, 1_000)], [false, true]);
  deepEqual([shouldGiveUp(900, 2_000, Infinity), shouldGiveUp(1_000, 2_000, Infinity)], [false, true]);
});

Deno.test("the third pass of a request is the last", () => {
  equal(hasTooManyPasses(check("hello.localhost", { "x-gate-pass": "2" })), false);
  equal(hasTooManyPasses(check("hello.localhost", { "x-gate-pass": "3" })), true);
  equal(hasTooManyPasses(check("hello.localhost", { "x-gate-pass": "not a number" })), true);
});

Deno.test("a denied request takes the reason along, for the sidecar to answer", () => {
  const denial = { kind: "unknown view", host: "nope.localhost" } as const;
  const { status, headers } = responseTo({ kind: "denied", denial }, check("nope.localhost"), "token");
  deepEqual([status, headers.get("x-gate-denial")?.startsWith("token.")], [200, true]);
});

Deno.test("a request that is handed back gets a failure", () => {
  equal(responseTo({ kind: "handed back" }, check("hello.localhost"), "token").status, 503);
});
