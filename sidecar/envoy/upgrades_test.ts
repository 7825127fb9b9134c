import assert from "node:assert/strict";
import { once } from "node:events";
import { IGNORED_UPGRADES } from "./upgrades.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { exchange, upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

const HELLO = "hello.localhost";

Deno.test("an Upgrade to anything but websocket is ignored: the request is served as if it were not there", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    check: async (request) => {
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  const offer = (protocols: string, host = HELLO) =>
    exchange(
      gateway.port,
      `POST /in HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, close\r\nUpgrade: ${protocols}\r\n` +
        "Content-Length: 5\r\n\r\nhello",
    );

  const offers = ["TLS/1.2", "h2c", "TLS/1.2, TLS/1.3", "foo, h2c", "websocket/13", "webSock", "websockets", ""];
  for (const protocols of offers) assert.match(await offer(protocols), /^HTTP\/1\.1 200 OK\r\n/, protocols);
  assert.equal(pod.requests.length, offers.length);
  for (const { headers, bytes } of pod.requests) {
    assert.deepEqual([headers.upgrade, headers.connection, bytes], [undefined, undefined, 5]);
  }
  assert.match(await offer("TLS/1.2", "localhost"), /sidecar POST \/in$/);
});

Deno.test("of several protocols that a client offers, websocket is taken", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start();
  await gateway.view("hello", { serving: [pod.address] });
  for (const protocols of ["websocket", "WebSocket", "websocket, h2c", "h2c, websocket"]) {
    const socket = await upgrade({ host: HELLO, port: gateway.port, headers: { upgrade: protocols } });
    socket.write("open");
    assert.equal(String((await once(socket, "data"))[0]), "open", protocols);
    socket.destroy();
  }
});

Deno.test("what is ignored is all but websocket, in any case", () => {
  const ignored = (text: string) =>
    IGNORED_UPGRADES.some(({ safeRegex }) =>
      new RegExp(`^(${safeRegex!.regex!.replace("(?i)", "")})$`, "i").test(text)
    );
  for (const text of ["websocket", "WEBSOCKET", "WebSocket"]) assert.equal(ignored(text), false, text);
  for (const text of ["", "w", "websocke", "websockett", "xebsocket", "webzocket", "websockex", "h2c", "TLS/1.2"]) {
    assert.equal(ignored(text), true, text);
  }
});
