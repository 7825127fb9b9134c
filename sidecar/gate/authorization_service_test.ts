import { deepEqual, equal, match } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { HttpServer } from "../http/http_server.ts";
import { askOverSocket } from "../envoy/testing/http_client.ts";
import { authorizationService } from "./authorization_service.ts";
import type { Gate, Verdict } from "./gate.ts";

const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html,*/*;q=0.8" };

/** The service on a socket, before a gate that decides as a test says. */
async function serve(check: Gate["check"], stalled = false) {
  const directory = await Deno.makeTempDir({ prefix: "authorization-" });
  const socket = join(directory, "authz.sock");
  const verdicts: unknown[] = [];
  let now = 0;
  const service = authorizationService({
    gate: { check },
    baseHost: "localhost",
    gateToken: "token",
    holdSeconds: 20,
    costOf: ({ length = 0 }) => length,
    stalled: () => stalled,
    onVerdict: (view, verdict, milliseconds) => verdicts.push([view, verdict.kind, milliseconds]),
    clock: () => now,
    browserPatience: 700,
  });
  const server = await HttpServer.onSocket(socket, service);
  return {
    verdicts,
    pass: (milliseconds: number) => now += milliseconds,
    ask: (host: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
      askOverSocket(socket, { host, headers, ...signal && { signal } }),
    async [Symbol.asyncDispose]() {
      await server.stop(0);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

const passing: Verdict = { kind: "pass", view: "hello" };

Deno.test("the service asks the gate about the view that the host names", async () => {
  const asked: unknown[] = [];
  await using service = await serve(({ view, host, patience, bodyCost }) => {
    asked.push([view, host, patience, bodyCost]);
    return Promise.resolve(passing);
  });
  const { status, headers } = await service.ask("Hello.localhost:8080", { "x-gate-pass": "1", "x-gate-body": "7" });
  deepEqual(asked, [["hello", "Hello.localhost:8080", Infinity, 7]]);
  deepEqual([status, headers["x-gate-pass"]], [200, "2"]);
});

Deno.test("a browser that opens a page waits for a moment only; other clients wait as long as it takes", async () => {
  const patiences: unknown[] = [];
  await using service = await serve(({ patience }) => {
    patiences.push(patience);
    return Promise.resolve(passing);
  });
  await service.ask("hello.localhost", NAVIGATION);
  await service.ask("hello.localhost", { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" });
  deepEqual(patiences, [700, Infinity]);
});

Deno.test("a denied request takes the reason along", async () => {
  await using service = await serve(({ host }) =>
    Promise.resolve({ kind: "denied", denial: { kind: "unknown view", host } })
  );
  const { status, headers } = await service.ask("nope.localhost");
  deepEqual([status, String(headers["x-gate-denial"]).startsWith("token.")], [200, true]);
});

Deno.test("a request that the gate hands back is a failure, so that Envoy asks again", async () => {
  await using service = await serve(() => Promise.resolve({ kind: "handed back" }));
  equal((await service.ask("hello.localhost")).status, 503);
  deepEqual(service.verdicts, [["hello", "handed back", 0]]);
});

Deno.test("a sidecar that has just stalled denies nothing: Envoy asks again", async () => {
  const denied: Verdict = { kind: "denied", denial: { kind: "unavailable", view: "hello", message: "timed out" } };
  await using denying = await serve(() => Promise.resolve(denied), true);
  equal((await denying.ask("hello.localhost")).status, 503);
  await using letting = await serve(() => Promise.resolve(passing), true);
  equal((await letting.ask("hello.localhost")).status, 200);
});

Deno.test("a request with too many passes is handed back without a check", async () => {
  let asked = 0;
  await using service = await serve(() => Promise.resolve((asked++, passing)));
  equal((await service.ask("hello.localhost", { "x-gate-pass": "3" })).status, 503);
  equal(asked, 0);
});

Deno.test("a request that passes and keeps coming back is denied in time: its view cannot be reached", async () => {
  const waits: unknown[] = [];
  await using service = await serve(({ patience, waited }) => {
    waits.push([patience, waited]);
    return Promise.resolve(passing);
  });
  const outcome = async (id: string, headers: Record<string, string> = {}) => {
    const answer = await service.ask("hello.localhost", { "x-request-id": id, ...headers });
    return "x-gate-denial" in answer.headers ? "denied" : "pass";
  };
  deepEqual([await outcome("a"), await outcome("b", NAVIGATION)], ["pass", "pass"]);
  service.pass(600);
  deepEqual([await outcome("a"), await outcome("b", NAVIGATION)], ["pass", "pass"]);
  service.pass(200);
  deepEqual([await outcome("a"), await outcome("b", NAVIGATION)], ["pass", "denied"]);
  service.pass(14_000);
  equal(await outcome("a"), "pass");
  // It would not be back before the 20 s are over.
  service.pass(300);
  equal(await outcome("a"), "denied");
  deepEqual(service.verdicts.at(-1), ["hello", "denied", 0]);
  // Another one, also with the same id for another host, is at its beginning.
  equal(await outcome("c"), "pass");
  equal((await service.ask("other.localhost", { "x-request-id": "a" })).headers["x-gate-denial"], undefined);
  deepEqual(waits.slice(0, 4), [[Infinity, 0], [700, 0], [Infinity, 600], [100, 600]]);
});

Deno.test("a request that comes back waits for the rest of its time, and gets the gate's own denial", async () => {
  let verdict: Verdict = passing;
  await using service = await serve(() => Promise.resolve(verdict));
  await service.ask("hello.localhost", { "x-request-id": "a" });
  service.pass(19_000);
  verdict = { kind: "denied", denial: { kind: "timeout", view: "hello", seconds: 20, state: undefined } };
  const { headers } = await service.ask("hello.localhost", { "x-request-id": "a" });
  match(Buffer.from(String(headers["x-gate-denial"]).split(".")[1]!, "base64url").toString(), /"kind":"timeout"/);
});

Deno.test("each verdict is reported with the time that it took", async () => {
  await using service = await serve(() => {
    service.pass(250);
    return Promise.resolve(passing);
  });
  await service.ask("hello.localhost");
  await service.ask("elsewhere.example");
  deepEqual(service.verdicts, [["hello", "pass", 250], [undefined, "pass", 250]]);
});

Deno.test("a client that disconnects no longer waits at the gate", async () => {
  const asked = Promise.withResolvers<void>();
  const hung = Promise.withResolvers<void>();
  await using service = await serve(({ disconnected }) => {
    asked.resolve();
    return new Promise((resolve) =>
      disconnected().addEventListener("abort", () => {
        hung.resolve();
        resolve({ kind: "handed back" });
      })
    );
  });
  const client = new AbortController();
  const answer = service.ask("hello.localhost", {}, client.signal).catch(() => "hung up");
  await asked.promise;
  client.abort();
  equal(await answer, "hung up");
  await hung.promise;
});

Deno.test("an error of the gate fails one request only", async () => {
  let fails = true;
  await using service = await serve(() => fails ? Promise.reject(new Error("oops")) : Promise.resolve(passing));
  equal((await service.ask("hello.localhost")).status, 500);
  fails = false;
  equal((await service.ask("hello.localhost")).status, 200);
});
