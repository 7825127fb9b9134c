import { equal, match, ok, rejects, throws } from "node:assert/strict";
import { join } from "node:path";
import { HttpServer, requireUrl } from "./http_server.ts";
import { staleSocket } from "../testing/stale_socket.ts";

async function directory() {
  const path = await Deno.makeTempDir({ prefix: "http-" });
  return { socket: join(path, "http.sock"), [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** What a socket answers to a GET. */
async function get(socket: string, host = "x"): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path: socket });
  await connection.write(new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
  return await new Response(connection.readable).text();
}

const hello = () => new Response("hello");

Deno.test("a server answers on a socket, also where a former process left one", async () => {
  await using here = await directory();
  await staleSocket(here.socket);
  const server = await HttpServer.onSocket(here.socket, hello);
  match(await get(here.socket), /^HTTP\/1\.1 200 OK\r\n[^]*hello$/);
  equal(server.port, 0);
  await server.stop(1_000);
  await rejects(get(here.socket));
});

Deno.test("a host that no URL may have is the client's mistake, and a handler that throws is the gateway's", async () => {
  await using here = await directory();
  const server = await HttpServer.onSocket(
    here.socket,
    requireUrl((request) => {
      if (new URL(request.url).hostname === "bad") throw new Error("secret");
      return hello();
    }),
  );
  match(await get(here.socket, "[::1].localhost"), /^HTTP\/1\.1 400 [^]*"type":"urn:view-gateway:bad-request"/);
  const failed = await get(here.socket, "bad");
  match(failed, /^HTTP\/1\.1 500 [^]*application\/problem\+json[^]*"type":"urn:view-gateway:internal"/);
  ok(!failed.includes("secret"));
  match(await get(here.socket, "good"), /^HTTP\/1\.1 200 /);
  await server.stop(1_000);
});

Deno.test("a file that is no socket is left alone", async () => {
  await using here = await directory();
  await Deno.writeTextFile(here.socket, "precious");
  await rejects(HttpServer.onSocket(here.socket, hello), /there is a file that is no socket/);
  equal(await Deno.readTextFile(here.socket), "precious");
});

Deno.test("a server answers at an address, and tells the port that it has", async () => {
  for (const address of ["127.0.0.1:0", "[::1]:0"]) {
    const server = HttpServer.onAddress(address, hello);
    ok(server.port > 0);
    equal(await (await fetch(`http://${address.replace(/:0$/, "")}:${server.port}/`)).text(), "hello");
    await server.stop(1_000);
  }
});

Deno.test("an address that is taken is an error at once", async () => {
  const server = HttpServer.onAddress("127.0.0.1:0", hello);
  throws(() => HttpServer.onAddress(`127.0.0.1:${server.port}`, hello), Deno.errors.AddrInUse);
  await server.stop(1_000);
});

Deno.test("a server that stops waits for the answer that is being made", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const server = HttpServer.onAddress("127.0.0.1:0", () => (asked.resolve(), answer.promise));
  const response = fetch(`http://127.0.0.1:${server.port}/`);
  await asked.promise;
  const stopped = server.stop(10_000);
  answer.resolve(new Response("late"));
  equal(await (await response).text(), "late");
  await stopped;
});

Deno.test("a server that stops waits no longer than it may", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const server = HttpServer.onAddress("127.0.0.1:0", () => (asked.resolve(), answer.promise));
  const response = fetch(`http://127.0.0.1:${server.port}/`);
  await asked.promise;
  const began = performance.now();
  await server.stop(50);
  ok(performance.now() - began < 2_000);
  answer.resolve(new Response("very late"));
  await (await response).text();
});
