import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { deny, Gateway, pass, passes, passesOf } from "./testing/gateway.ts";
import { upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

const HELLO = "hello.localhost";

Deno.test("a request for a pod that refuses connections goes to the gate, and on to the pod that took its place", async () => {
  await using first = await Pod.start("first");
  await using second = await Pod.start("second");
  await using gateway = await Gateway.start({ check: waking(() => gateway, second) });
  await gateway.view("hello", { serving: [first.address] });
  await first.stop();

  const { status, body } = await gateway.ask(HELLO, { method: "POST", body: "once" });
  assert.deepEqual([status, JSON.parse(body).pod], [200, "second"]);
});

Deno.test("while the sidecar believes in a pod that is gone a request is tried again until the truth is known", async () => {
  await using first = await Pod.start("first");
  await using second = await Pod.start("second");
  let checks = 0;
  await using gateway = await Gateway.start({
    check: async (request) => {
      if (++checks === 3) await gateway.view("hello", { serving: [second.address] });
      return pass(request);
    },
  });
  await gateway.view("hello", { serving: [first.address] });
  await first.stop();

  const { status, body } = await gateway.ask(HELLO, { method: "POST", body: "once" });
  assert.deepEqual([status, JSON.parse(body).pod, checks], [200, "second", 3]);
});

Deno.test("a request that goes round carries the count of its passes", async () => {
  const counts: number[] = [];
  await using gateway = await Gateway.start({
    check: (request) => {
      counts.push(passesOf(request));
      return Promise.resolve(counts.at(-1)! < 3 ? pass(request) : deny(500, "goes round"));
    },
  });
  // The gate lets it pass, but the view's cluster knows of no pod: so it comes back to the gate.
  await gateway.view("hello", { serving: [] });

  assert.equal((await gateway.ask(HELLO)).body, "goes round");
  assert.deepEqual(counts, [0, 1, 2, 3]);
});

Deno.test("a pod that drains keeps its open WebSocket, and new requests go to the gate", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: () => Promise.resolve(deny(503, "asleep")) });
  await gateway.view("hello", { serving: [pod.address] });
  const socket = await upgrade({ host: HELLO, port: gateway.port });

  await gateway.view("hello", { draining: [pod.address] });
  assert.equal((await gateway.ask(HELLO)).body, "asleep");
  socket.write("still there?");
  const [answer] = await once(socket, "data");
  assert.equal(String(answer), "still there?");
  assert.equal(await gateway.envoy.stat("cluster.hello.upstream_rq_active"), 1);
  socket.destroy();
});

Deno.test("while one of a view's pods serves and others drain, no request goes to the gate", async () => {
  await using serving = await Pod.start("serving");
  await using draining = await Pod.start("draining");
  await using gateway = await Gateway.start({ check: () => Promise.resolve(deny(503, "asleep")) });
  const gone = Array.from({ length: 5 }, (_, i) => ({ address: "127.0.0.2", port: i + 1 }));
  await gateway.view("hello", { serving: [serving.address], draining: [draining.address, ...gone] });

  for (let i = 0; i < 50; i++) assert.equal(JSON.parse((await gateway.ask(HELLO)).body).pod, "serving");
  assert.equal(await gateway.gateRequests(), 0);
});

Deno.test("a view that is forgotten is the gate's again", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: () => Promise.resolve(deny(404, "no such view")) });
  await gateway.view("hello", { serving: [pod.address] });
  assert.equal((await gateway.ask(HELLO)).status, 200);

  await gateway.forget("hello");
  assert.equal((await gateway.ask(HELLO)).body, "no such view");
});

Deno.test("a GET that a pod resets is sent twice, a POST once", async () => {
  await using pod = await Pod.start("a", { answer: (_request, response) => response.destroy() });
  await using gateway = await Gateway.start();
  await gateway.view("hello", { serving: [pod.address] });

  const get = await gateway.ask(HELLO);
  const post = await gateway.ask(HELLO, { method: "POST", body: "once" });
  assert.deepEqual(pod.requests.map(({ method }) => method), ["GET", "GET", "POST"]);
  for (const { status, body } of [get, post]) {
    assert.equal(status, 503);
    assert.equal(JSON.parse(body).type, "urn:view-gateway:connection-closed");
  }
});

/** Lets each request pass after a moment in which the view wakes. */
function waking(gateway: () => Gateway, pod: Pod): typeof passes {
  return async (request) => {
    await delay(300);
    await gateway().view("hello", { serving: [pod.address] });
    return pass(request);
  };
}
