import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import { staleSocket } from "../testing/stale_socket.ts";
import { GrpcServer } from "./grpc_server.ts";
import { GrpcClient } from "./testing/client.ts";
import { answering, TALK, type TalkCall, text } from "./testing/methods.ts";

const echo = answering((said) => Promise.resolve(said));

async function directory() {
  const path = await Deno.makeTempDir({ prefix: "grpc-" });
  return { socket: join(path, "grpc.sock"), [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a server answers calls on its socket, and leaves no socket behind", async () => {
  await using here = await directory();
  const server = await GrpcServer.listen(here.socket, [echo]);
  {
    using client = new GrpcClient(here.socket);
    equal((await client.call(TALK, text("hello"))).value, "hello");
  }
  await server.stop(1_000);
  await rejects(Deno.lstat(here.socket), Deno.errors.NotFound);
});

Deno.test("a socket that a former process left is no obstacle", async () => {
  await using here = await directory();
  await staleSocket(here.socket);
  ok((await Deno.lstat(here.socket)).isSocket);
  const server = await GrpcServer.listen(here.socket, [echo]);
  {
    using client = new GrpcClient(here.socket);
    equal((await client.call(TALK, text("hello"))).value, "hello");
  }
  await server.stop(1_000);
});

Deno.test("a file that is no socket is left alone", async () => {
  await using here = await directory();
  await Deno.writeTextFile(here.socket, "precious");
  await rejects(
    GrpcServer.listen(here.socket, [echo]),
    /Cannot listen on .*grpc\.sock: there is a file that is no socket/,
  );
  equal(await Deno.readTextFile(here.socket), "precious");
});

Deno.test("a server that stops waits for the calls that go on", async () => {
  await using here = await directory();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  const server = await GrpcServer.listen(here.socket, [answering(() => (asked.resolve(), answer.promise))]);
  using client = new GrpcClient(here.socket);
  const answered = client.call(TALK, text("hello"));
  await asked.promise;
  const stopped = server.stop(5_000);
  answer.resolve("late");
  equal((await answered).value, "late");
  await stopped;
});

Deno.test("a server that stops ends what does not end by itself, in bounded time", async () => {
  await using here = await directory();
  const ended = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const handler = (call: TalkCall) => {
    call.on("cancelled", () => ended.resolve());
    opened.resolve();
  };
  const server = await GrpcServer.listen(here.socket, [{ method: TALK, handler }]);
  using client = new GrpcClient(here.socket);
  const stream = client.stream(TALK);
  const failed = once(stream, "error");
  stream.write(text("hello"));
  await opened.promise;
  const began = performance.now();
  await server.stop(100);
  ok(performance.now() - began < 2_000);
  await failed;
  await ended.promise;
});

Deno.test("a message may be larger than gRPC's own limit of 4 MB", async () => {
  await using here = await directory();
  const server = await GrpcServer.listen(here.socket, [answering((said) => Promise.resolve(String(said.length)))]);
  using client = new GrpcClient(here.socket);
  equal((await client.call(TALK, text("x".repeat(8 << 20)))).value, String(8 << 20));
  await server.stop(0);
});

for (const how of ["goaway", "cut"]) {
  // Deno 2.9.4 and later abort in nghttp2 when an HTTP/2 peer says GOAWAY: https://github.com/denoland/deno/issues/36788
  Deno.test(`a server outlives clients that leave under load: ${how}`, async () => {
    await using here = await directory();
    const server = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", new URL("./testing/server.ts", import.meta.url).pathname, here.socket],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(server.stderr).text();
    const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    try {
      match((await output.read()).value ?? await errors, /listening/);
      const client = await new Deno.Command("node", {
        args: [new URL("./testing/goaway_client.mjs", import.meta.url).pathname],
        env: { SOCKET: here.socket, HOW: how, ROUNDS: "25" },
        stderr: "inherit",
      }).output();
      const { answered, left, last } = JSON.parse(new TextDecoder().decode(client.stdout));
      deepEqual({ left, last }, { left: 100, last: 20 });
      ok(answered > 0);
    } finally {
      await server.stdin.close();
      const { code } = await server.status;
      equal(code, 0, `the server ended with code ${code}: ${await errors}`);
      match((await output.read()).value ?? "", /stopped/);
      await output.cancel();
    }
  });
}
