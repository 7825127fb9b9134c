import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { deny, Gateway, pass, passes } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";

const HELLO = "hello.localhost";

Deno.test("what the sidecar denies is answered as the sidecar says", async () => {
  const problem = `{"title":"Not Found","status":404,"detail":"There is no view."}`;
  await using gateway = await Gateway.start({ check: () => Promise.resolve(deny(404, problem)) });

  const { status, headers, body } = await gateway.ask(HELLO);
  assert.deepEqual([status, headers["content-type"], body], [404, "application/problem+json", problem]);
});

Deno.test("a request is put to the sidecar whatever its path is, and a denied one is answered whatever it is", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    check: async (request) => {
      if (request.headers.get("host") !== HELLO) return deny(503, "asleep");
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  for (const path of ['/a<b>`|"^{}', `/${"long".repeat(3_000)}`, "/?a=<>"]) {
    await gateway.forget("hello");
    assert.equal((await gateway.ask(HELLO, { path })).status, 200, path.slice(0, 40));
  }

  for (const method of ["GET", "HEAD", "POST", "PUT", "OPTIONS", "PROPFIND"]) {
    const body = method === "POST" || method === "PUT" ? randomBytes(1 << 20) : "";
    assert.equal((await gateway.ask("asleep.localhost", { method, ...body && { body } })).status, 503, method);
  }
  assert.equal((await upgradeRefused(gateway.port)).split("\r\n")[0], "HTTP/1.1 503 Service Unavailable");
});

Deno.test("a client cannot have its request taken for a denied one", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: waking(() => gateway, pod) });
  const headers = { "x-gate-denial": `token.${JSON.stringify({ status: 418, body: "no" })}` };
  assert.equal((await gateway.ask(HELLO, { headers })).status, 200);
});

/** Lets each request pass after a moment in which the view wakes. */
function waking(gateway: () => Gateway, pod: Pod): typeof passes {
  return async (request) => {
    await delay(300);
    await gateway().view("hello", { serving: [pod.address] });
    return pass(request);
  };
}

/** What a client gets that asks for a WebSocket of a view that is asleep. */
async function upgradeRefused(port: number): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET / HTTP/1.1\r\nHost: asleep.localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n",
  );
  const [head] = await once(socket, "data");
  socket.destroy();
  return String(head);
}
