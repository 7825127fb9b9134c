import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { Gateway, pass, passes } from "./testing/gateway.ts";
import { exchange, upgrade } from "./testing/http_client.ts";
import { Pod, type Seen } from "./testing/pod.ts";

const HELLO = "hello.localhost";

Deno.test("a body of 5 MB arrives whole though its request is held", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: waking(() => gateway, pod) });
  const body = randomBytes(5_000_000);

  const { status, body: answer } = await gateway.ask(HELLO, { method: "POST", body });
  const seen: Seen = JSON.parse(answer);
  assert.deepEqual([status, seen.bytes], [200, body.length]);
  assert.equal(seen.sha256, createHash("sha256").update(body).digest("hex"));
});

Deno.test("a client that expects 100-continue gets it, and its body arrives though its request is held", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: waking(() => gateway, pod) });

  const answer = await exchange(
    gateway.port,
    `POST / HTTP/1.1\r\nHost: ${HELLO}\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello`,
  );
  assert.match(answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  assert.equal(pod.requests[0]?.bytes, 5);
});

Deno.test("a WebSocket may be the first request", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: waking(() => gateway, pod) });

  const socket = await upgrade({ host: HELLO, port: gateway.port });
  socket.write("are you there?");
  const [answer] = await once(socket, "data");
  assert.equal(String(answer), "are you there?");
  socket.destroy();
});

Deno.test("a client that hangs up while it is held cancels its Check", async () => {
  const checked = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  await using gateway = await Gateway.start({
    check: (_request, hungUp) => {
      hungUp.addEventListener("abort", () => cancelled.resolve());
      checked.resolve();
      return new Promise(() => {});
    },
  });
  const client = new AbortController();
  const asked = gateway.ask(HELLO, { signal: client.signal });

  await checked.promise;
  client.abort();
  await assert.rejects(asked);
  await cancelled.promise;
});

Deno.test("every held request outlives the sidecar's crash", async () => {
  await using pod = await Pod.start("a");
  let crashed = false;
  let held = 0;
  await using gateway = await Gateway.start({
    check: async (request) => {
      if (crashed) return pass(request);
      held++;
      return await new Promise<never>(() => {});
    },
  });
  await gateway.view("hello", { serving: [] });
  const body = randomBytes(300_000);
  const requests = Promise.all(Array.from({ length: 60 }, (_, i) =>
    // Some have a cluster already, with an empty priority 0; the others go to the gate's own cluster.
    gateway.ask(i % 3 === 0 ? HELLO : "other.localhost", i % 2 === 0 ? {} : { method: "POST", body })));
  await gateway.envoy.until("60 are held", () => held === 60);

  await gateway.controlPlane.stop();
  await delay(1500);
  crashed = true;
  await gateway.controlPlane.start();
  await gateway.view("hello", { serving: [pod.address] });
  await gateway.view("other", { serving: [pod.address] });

  const answers = await requests;
  assert.deepEqual(answers.map(({ status }) => status), Array(60).fill(200));
  assert.equal(pod.requests.length, 60);
  for (const { method, bytes } of pod.requests) assert.equal(bytes, method === "POST" ? body.length : 0);
});

Deno.test("a request is not retried for longer than it may be held", async () => {
  await using gateway = await Gateway.start({ settings: { holdSeconds: 1 } });
  await gateway.controlPlane.stop();
  const start = performance.now();

  const { status, headers, body } = await gateway.ask(HELLO);
  assert.equal(status, 503);
  assert.equal(headers["content-type"], "application/problem+json");
  assert.equal(headers["retry-after"], "2");
  assert.equal(headers["x-gate-unavailable"], undefined);
  assert.equal(JSON.parse(body).type, "urn:view-gateway:gateway-unavailable");
  assert(performance.now() - start < 25_000);
});

/** Lets each request pass after a moment in which the view wakes. */
function waking(gateway: () => Gateway, pod: Pod): typeof passes {
  return async (request) => {
    await delay(300);
    await gateway().view("hello", { serving: [pod.address] });
    return pass(request);
  };
}
