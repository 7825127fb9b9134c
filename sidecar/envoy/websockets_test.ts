import assert from "node:assert/strict";
import { once } from "node:events";
import { Gateway, pass } from "./testing/gateway.ts";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { exchange } from "./testing/http_client.ts";
import { WebSocketPod } from "./testing/web_socket_pod.ts";

const HANDSHAKE = {
  "connection": "Upgrade",
  "upgrade": "websocket",
  "sec-websocket-version": "13",
  // https://www.rfc-editor.org/rfc/rfc6455#section-1.3 has this key and what accepts it.
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** One view that is awake, one that sleeps until it is asked for, and who asks for a WebSocket of them. */
async function views() {
  const pod = await WebSocketPod.start();
  const gateway = await Gateway.start({
    check: async (request) => {
      await gateway.view("asleep", { serving: [pod.address] });
      return pass(request);
    },
  });
  await gateway.view("awake", { serving: [pod.address] });
  const client = await connectOverHttp2(gateway.port);

  /** The client's answers where a view answers with this status: over both versions of HTTP, from each view. */
  async function* answers(status: number) {
    for (const name of ["awake", "asleep"]) {
      await gateway.view("asleep");
      const path = `/${status}`;
      yield await gateway.ask(`${name}.localhost`, { path, headers: HANDSHAKE });
      await gateway.view("asleep");
      yield await client.answer(client.webSocket(`${name}.localhost`, path));
    }
  }

  return {
    ...{ pod, port: gateway.port, client, answers },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a WebSocket opens over HTTP/2: the view has a key, and the client no answer to it", async () => {
  await using world = await views();
  for (const host of ["awake.localhost", "asleep.localhost"]) {
    const socket = world.client.webSocket(host, "/101");
    const [headers] = await once(socket, "response");
    assert.deepEqual([headers[":status"], headers["sec-websocket-accept"]], [200, undefined]);
    socket.write("are you there?");
    assert.equal(String((await once(socket, "data"))[0]), "are you there?");
  }
  for (const { method, key } of world.pod.requests) {
    assert.equal(method, "GET");
    assert.match(key ?? "", /^[A-Za-z0-9+/]{22}==$/);
  }
});

Deno.test("a key that comes over HTTP/2, from a proxy that had it over HTTP/1.1, is the view's to answer", async () => {
  await using world = await views();
  const key = HANDSHAKE["sec-websocket-key"];
  const socket = world.client.webSocket("awake.localhost", "/101", { "sec-websocket-key": key });
  const [headers] = await once(socket, "response");
  assert.equal(headers["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  assert.equal(world.pod.requests[0]?.key, key);
});

Deno.test("no two WebSockets over HTTP/2 have the same key", async () => {
  await using world = await views();
  const open = () => once(world.client.webSocket("awake.localhost", "/101"), "response");
  await Promise.all(Array.from({ length: 20 }, open));
  assert.equal(new Set(world.pod.requests.map(({ key }) => key)).size, 20);
});

Deno.test("a view's own error is the client's, whole, though it asked for a WebSocket", async () => {
  await using world = await views();
  for (const status of [400, 401, 403, 404, 426, 500, 502, 503]) {
    for await (const { status: got, headers, body } of world.answers(status)) {
      assert.deepEqual([got, headers["x-own"], body], [status, "1", "mine"]);
    }
  }
});

Deno.test("a view's own redirection is the client's, without a body, though it asked for a WebSocket", async () => {
  await using world = await views();
  for (const status of [301, 302, 307]) {
    for await (const { status: got, headers, body } of world.answers(status)) {
      assert.deepEqual([got, headers.location, headers["x-own"], body], [status, "/there", "1", ""]);
      assert.deepEqual([headers["content-type"], headers["content-encoding"]], [undefined, undefined]);
    }
  }
});

Deno.test("a 2xx to a client that asked for a WebSocket, which opens none, is a problem with the status 502", async () => {
  await using world = await views();
  for (const status of [200, 204, 206]) {
    for await (const { status: got, headers, body } of world.answers(status)) {
      assert.deepEqual([got, headers["content-type"]], [502, "application/problem+json"]);
      assert.deepEqual([headers["x-own"], headers["content-encoding"]], [undefined, undefined]);
      const problem = JSON.parse(body);
      assert.deepEqual([problem.status, problem.type], [502, "urn:view-gateway:no-websocket"]);
      assert.match(problem.detail, new RegExp(`sent status ${status} `));
    }
  }
});

Deno.test("nothing that follows a handshake reaches a view that opens no WebSocket", async () => {
  await using world = await views();
  const head = Object.entries({ host: "awake.localhost", ...HANDSHAKE }).map(([name, value]) => `${name}: ${value}`);
  const smuggled = "GET /smuggled HTTP/1.1\r\nHost: awake.localhost\r\n\r\n";
  await exchange(world.port, `GET /404 HTTP/1.1\r\n${head.join("\r\n")}\r\n\r\n${smuggled}`);
  assert.deepEqual(world.pod.requests.map(({ path }) => path), ["/404"]);
});
