import { deepEqual, equal } from "node:assert/strict";
import { askedBy, givesUp, goesRound, responseTo } from "./authorization.ts";

const asked = (host: string, headers: Record<string, string> = {}) =>
  askedBy({ method: "GET", headers: new Headers({ host, ...headers }) }, "localhost");

Deno.test("a Check asks for the view that its host names", () => {
  deepEqual(asked("Hello.localhost:8080"), {
    view: "hello",
    host: "Hello.localhost:8080",
    passes: 0,
    navigation: false,
    body: { length: undefined, chunked: false, upgrade: false },
    id: undefined,
  });
  equal(asked("elsewhere.example").view, undefined);
  equal(askedBy({ method: "GET", headers: new Headers() }, "localhost").view, undefined);
});

Deno.test("a Check tells what is announced of the request's body", () => {
  const body = (headers: Record<string, string>) => asked("hello.localhost", headers).body;
  const none = { length: undefined, chunked: false, upgrade: false };
  deepEqual(body({ "x-gate-body": "" }), none);
  deepEqual(body({ "x-gate-body": "0" }), { ...none, length: 0 });
  deepEqual(body({ "x-gate-body": "8388608" }), { ...none, length: 8_388_608 });
  deepEqual(body({ "x-gate-body": "chunked" }), { ...none, chunked: true });
  deepEqual(body({ "x-gate-body": "5 chunked" }), { ...none, length: 5, chunked: true });
  deepEqual(body({ upgrade: "websocket" }), { ...none, upgrade: true });
});

Deno.test("a request that passes takes along how often it has", () => {
  const { status, headers } = responseTo(
    { kind: "pass", view: "hello" },
    asked("hello.localhost", { "x-gate-pass": "1" }),
    "token",
  );
  deepEqual([status, headers.get("x-gate-pass"), headers.has("x-gate-denial")], [200, "2", false]);
});

Deno.test("a request that cannot be delivered is given up within its time, and a browser's when it would get a page", () => {
  const hold = 120_000;
  deepEqual([givesUp(114_000, hold, Infinity), givesUp(115_000, hold, Infinity)], [false, true]);
  deepEqual([givesUp(900, hold, 1_000), givesUp(1_000, hold, 1_000)], [false, true]);
  deepEqual([givesUp(900, 2_000, Infinity), givesUp(1_000, 2_000, Infinity)], [false, true]);
});

Deno.test("a request that keeps coming back goes round", () => {
  equal(goesRound(asked("hello.localhost", { "x-gate-pass": "2" })), false);
  equal(goesRound(asked("hello.localhost", { "x-gate-pass": "3" })), true);
  equal(goesRound(asked("hello.localhost", { "x-gate-pass": "not a number" })), true);
});

Deno.test("a denied request takes along why, for the sidecar to answer", () => {
  const denial = { kind: "unknown view", host: "nope.localhost" } as const;
  const { status, headers } = responseTo({ kind: "denied", denial }, asked("nope.localhost"), "token");
  deepEqual([status, headers.get("x-gate-denial")?.startsWith("token.")], [200, true]);
});

Deno.test("a request that is handed back is a failure", () => {
  equal(responseTo({ kind: "handed back" }, asked("hello.localhost"), "token").status, 503);
});
