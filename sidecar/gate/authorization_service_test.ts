import { deepEqual, equal, rejects } from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { join } from "node:path";
import { envoy } from "../gen/envoy.js";
import { GrpcServer } from "../grpc/grpc_server.ts";
import { GrpcClient } from "../grpc/testing/client.ts";
import { unary } from "../grpc/method.ts";
import { authorizationService, CHECK } from "./authorization_service.ts";
import type { Gate, Verdict } from "./gate.ts";

const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", accept: "text/html,*/*;q=0.8" };

/** The service on a socket, before a gate that decides as a test says. */
async function serve(check: Gate["check"]) {
  const directory = await Deno.makeTempDir({ prefix: "authorization-" });
  const socket = join(directory, "grpc.sock");
  const verdicts: unknown[] = [];
  let now = 0;
  const service = authorizationService({
    gate: { check },
    baseHost: "localhost",
    onVerdict: (view, verdict, milliseconds) => verdicts.push([view, verdict.kind, milliseconds]),
    now: () => now,
    moment: 700,
  });
  const server = await GrpcServer.listen(socket, [service]);
  const client = new GrpcClient(socket);
  return {
    verdicts,
    pass: (milliseconds: number) => now += milliseconds,
    ask: (host: string, headers: Record<string, string> = {}, signal?: AbortSignal) => {
      const request = { method: "GET", host, headers };
      return client.call(
        unary(CHECK),
        envoy.service.auth.v3.CheckRequest.create({ attributes: { request: { http: request } } }),
        signal,
      );
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.stop(0);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

const passing: Verdict = { kind: "pass", view: "hello" };

Deno.test("a Check is put to the gate by the view that its host names, and may pass", async () => {
  const asked: unknown[] = [];
  await using service = await serve((view, host, _hungUp, patience) => {
    asked.push([view, host, patience]);
    return Promise.resolve(passing);
  });
  const response = await service.ask("Hello.localhost:8080", { "x-gate-pass": "1" });
  deepEqual(asked, [["hello", "Hello.localhost:8080", Infinity]]);
  equal(response.status?.code ?? status.OK, status.OK);
  const headers = response.okResponse?.headers?.map(({ header }) => [header?.key, header?.value]);
  deepEqual(headers, [["x-gate-pass", "2"]]);
});

Deno.test("a browser that opens a page is to wait for a moment only; all others wait as long as it takes", async () => {
  const patiences: unknown[] = [];
  await using service = await serve((_view, _host, _hungUp, patience) => {
    patiences.push(patience);
    return Promise.resolve(passing);
  });
  await service.ask("hello.localhost", NAVIGATION);
  await service.ask("hello.localhost", { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty" });
  deepEqual(patiences, [700, Infinity]);
});

Deno.test("what the gate denies is the answer to the client", async () => {
  await using service = await serve((_view, host) =>
    Promise.resolve({ kind: "denied", denial: { kind: "unknown view", host } })
  );
  const { status: said, deniedResponse } = await service.ask("nope.localhost");
  equal(said?.code, status.PERMISSION_DENIED);
  equal(Number(deniedResponse?.status?.code), 404);
  equal(JSON.parse(deniedResponse?.body ?? "").type, "urn:view-gateway:unknown-view");
});

Deno.test("what is handed back is an error, by which Envoy asks again", async () => {
  await using service = await serve(() => Promise.resolve({ kind: "handed back" }));
  await rejects(service.ask("hello.localhost"), { code: status.UNAVAILABLE });
  deepEqual(service.verdicts, [["hello", "handed back", 0]]);
});

Deno.test("a request that goes round is handed back without asking the gate", async () => {
  let asked = 0;
  await using service = await serve(() => Promise.resolve((asked++, passing)));
  await rejects(service.ask("hello.localhost", { "x-gate-pass": "3" }), { code: status.UNAVAILABLE });
  equal(asked, 0);
});

Deno.test("each decision is told with the time it took", async () => {
  await using service = await serve(() => {
    service.pass(250);
    return Promise.resolve(passing);
  });
  await service.ask("hello.localhost");
  await service.ask("elsewhere.example");
  deepEqual(service.verdicts, [["hello", "pass", 250], [undefined, "pass", 250]]);
});

Deno.test("a client that hangs up no longer waits at the gate", async () => {
  const asked = Promise.withResolvers<void>();
  const hung = Promise.withResolvers<void>();
  await using service = await serve((_view, _host, hungUp) => {
    asked.resolve();
    return new Promise((resolve) =>
      hungUp.addEventListener("abort", () => {
        hung.resolve();
        resolve({ kind: "handed back" });
      })
    );
  });
  const client = new AbortController();
  const answer = service.ask("hello.localhost", {}, client.signal);
  await asked.promise;
  client.abort();
  await rejects(answer, { code: status.CANCELLED });
  await hung.promise;
});

Deno.test("a gate that throws ends one Check with an error, and no more", async () => {
  let fails = true;
  await using service = await serve(() => fails ? Promise.reject(new Error("oops")) : Promise.resolve(passing));
  await rejects(service.ask("hello.localhost"), { code: status.INTERNAL });
  fails = false;
  equal((await service.ask("hello.localhost")).okResponse?.headers?.length, 1);
});
