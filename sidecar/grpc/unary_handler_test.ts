import { equal, ok, rejects } from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { connect } from "node:http2";
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { GrpcServer } from "./grpc_server.ts";
import { GrpcClient } from "./testing/client.ts";
import { type Answered, ASK, type Asked, asking, saying } from "./testing/methods.ts";
import { CallError, unaryHandler } from "./unary_handler.ts";

/** A server whose one method is this, and a client of it. */
async function serve(answer: (asked: Asked, hungUp: AbortSignal) => Promise<Answered>) {
  const directory = await Deno.makeTempDir({ prefix: "unary-" });
  const socket = join(directory, "grpc.sock");
  const server = await GrpcServer.listen(socket, [{ method: ASK, handler: unaryHandler(answer) }]);
  const client = new GrpcClient(socket);
  return {
    socket,
    ask: (signal?: AbortSignal) => client.call(ASK, asking("hello"), signal),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.stop(0);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

Deno.test("a call that was answered was not hung up, though grpc-js says so of every call", async () => {
  let signal: AbortSignal | undefined;
  await using server = await serve((_asked, hungUp) => {
    signal = hungUp;
    return Promise.resolve(saying("hello"));
  });
  equal((await server.ask()).status?.message, "hello");
  await pause(50);
  equal(signal?.aborted, false);
});

Deno.test("a client that cancels its call has hung up; the answer that comes late harms nobody", async () => {
  const hung = Promise.withResolvers<unknown>();
  const asked = Promise.withResolvers<void>();
  let calls = 0;
  await using server = await serve((_asked, hungUp) => {
    if (++calls > 1) return Promise.resolve(saying("second"));
    asked.resolve();
    return new Promise((resolve) =>
      hungUp.addEventListener("abort", () => {
        hung.resolve(hungUp.reason);
        setTimeout(() => resolve(saying("late")), 20);
      })
    );
  });
  const client = new AbortController();
  const call = server.ask(client.signal);
  await asked.promise;
  client.abort();
  await rejects(call, { code: status.CANCELLED });
  const reason = await hung.promise;
  ok(reason instanceof CallError);
  equal(reason.code, status.CANCELLED);
  await pause(50);
  equal((await server.ask()).status?.message, "second");
});

Deno.test("a connection that ends hangs up the calls on it", async () => {
  const hung = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using server = await serve((_asked, hungUp) => {
    hungUp.addEventListener("abort", () => hung.resolve());
    asked.resolve();
    return new Promise(() => {});
  });
  const socket = createConnection(server.socket);
  const session = connect("http://localhost", { createConnection: () => socket });
  session.on("error", () => {});
  const call = session.request({ ":method": "POST", ":path": ASK.path, "content-type": "application/grpc" });
  call.on("error", () => {});
  call.end(new Uint8Array(5));
  await asked.promise;
  socket.destroy();
  await hung.promise;
  session.destroy();
});

Deno.test("an error ends the call with its code, or as internal, and in its own words", async () => {
  let error: unknown;
  await using server = await serve(() => Promise.reject(error));
  error = new CallError(status.UNAVAILABLE, "Ask again.");
  await rejects(server.ask(), { code: status.UNAVAILABLE, details: "Ask again." });
  error = new TypeError("x is not a function");
  await rejects(server.ask(), { code: status.INTERNAL, details: "x is not a function" });
  error = new Error("the name – “hello” – is ½ known\n");
  await rejects(server.ask(), { code: status.INTERNAL, details: "the name – “hello” – is ½ known\n" });
  error = "not even an Error";
  await rejects(server.ask(), { code: status.INTERNAL, details: "not even an Error" });
});

Deno.test("an error of one call is none of the next", async () => {
  let calls = 0;
  await using server = await serve(() =>
    ++calls === 1 ? Promise.reject(new Error("once")) : Promise.resolve(saying("hi"))
  );
  await rejects(server.ask());
  equal((await server.ask()).status?.message, "hi");
});
