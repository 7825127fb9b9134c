import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { deny, Gateway, pass, passes, passesOf, TOKEN } from "./testing/gateway.ts";
import { exchange, upgrade } from "./testing/http_client.ts";
import { Pod, type Seen } from "./testing/pod.ts";

const HELLO = "hello.localhost";

Deno.test("a request for a view that is not awake goes through the gate, and the next ones go straight to the pod", async () => {
  const checks: string[] = [];
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    check: async (request) => {
      checks.push(request.headers.get("host") ?? "");
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });

  assert.equal((await gateway.ask(HELLO)).status, 200);
  assert.deepEqual(checks, [HELLO]);
  const through = await gateway.gateRequests();

  for (let i = 0; i < 20; i++) assert.equal((await gateway.ask(HELLO)).status, 200);
  assert.deepEqual(checks, [HELLO]);
  assert.equal(await gateway.gateRequests(), through);
  assert.equal(await gateway.envoy.stat("http.public.downstream_rq_total"), 21);
  assert.equal(pod.requests.length, 21);
});

Deno.test("a view's hostname may have any case, a port and a dot at its end; another leads to no view", async () => {
  const checks: string[] = [];
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    settings: { baseHost: "views-eu.example.com" },
    check: (request) => {
      checks.push(request.headers.get("host") ?? "");
      return Promise.resolve(deny(404, "There is no view."));
    },
  });
  await gateway.view("hello-1", { serving: [pod.address] });

  const its = ["hello-1.views-eu.example.com", "Hello-1.VIEWS-eu.example.com:8080", "hello-1.views-eu.example.com."];
  for (const host of its) assert.equal((await gateway.ask(host)).status, 200, host);
  assert.deepEqual(checks, []);

  // The last two are of Envoy's other clusters.
  const others = ["a.hello-1", "hello", "hello-1-", "gate_listener", "sidecar_http"];
  for (const label of others) assert.equal((await gateway.ask(`${label}.views-eu.example.com`)).status, 404, label);
  assert.deepEqual(checks, others.map((label) => `${label}.views-eu.example.com`));
  for (const host of ["hello-1.views-euxexample.com", "hello-1.viewseu.example.com"]) {
    assert.match((await gateway.ask(host)).body, /This gateway serves/);
  }
});

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

Deno.test("a view's request and answer are not changed on either way", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start();
  await gateway.view("hello", { serving: [pod.address] });
  await gateway.view("late", { serving: [] });
  await using late = await Pod.start("b", {
    answer: (_request, response) => response.writeHead(418, { server: "teapot", "x-own": "1" }).end("short and stout"),
  });
  const headers = {
    cookie: "a=b",
    "user-agent": "test",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "x-own-header": "kept",
  };

  const seen: Seen = JSON.parse((await gateway.ask(HELLO, { path: "/a%2Fb//c?d=%20&e", headers })).body);
  assert.equal(seen.path, "/a%2Fb//c?d=%20&e");
  assert.equal(seen.headers.host, HELLO);
  for (const [name, value] of Object.entries(headers)) assert.equal(seen.headers[name], value);
  assert.equal(seen.headers["x-forwarded-proto"], "http");
  assert.deepEqual(Object.keys(seen.headers).filter((name) => name.startsWith("x-envoy-")), [
    "x-envoy-external-address",
  ]);

  await gateway.view("late", { serving: [late.address] });
  const answer = await gateway.ask("late.localhost");
  assert.deepEqual([answer.status, answer.body], [418, "short and stout"]);
  assert.deepEqual([answer.headers.server, answer.headers["x-own"]], ["teapot", "1"]);
});

Deno.test("what the public listener says of a request survives its second hop through the gate", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    settings: { xffNumTrustedHops: 1 },
    check: async (request) => {
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  const headers = {
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
    "x-request-id": "0d4a2f5e-0000-4000-8000-000000000001",
    traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  };

  const held: Seen = JSON.parse((await gateway.ask(HELLO, { headers })).body);
  const straight: Seen = JSON.parse((await gateway.ask(HELLO, { headers })).body);
  assert.equal(held.headers["x-gate-pass"], "1");
  for (const seen of [held, straight]) {
    assert.match(seen.headers["x-forwarded-for"] ?? "", /^203\.0\.113\.7,[^,]+$/);
    assert.equal(seen.headers["x-forwarded-proto"], "https");
    assert.equal(seen.headers["x-request-id"], headers["x-request-id"]);
    assert.equal(seen.headers.traceparent, headers.traceparent);
  }
});

Deno.test("a body of 5 MB arrives whole though its request is held", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ check: waking(() => gateway, pod) });
  const body = randomBytes(5_000_000);

  const { status, body: answer } = await gateway.ask(HELLO, { method: "POST", body });
  const seen: Seen = JSON.parse(answer);
  assert.deepEqual([status, seen.bytes], [200, body.length]);
  assert.equal(seen.sha256, createHash("sha256").update(body).digest("hex"));
});

Deno.test("a client that expects 100-continue is told to go on, and its body arrives though its request is held", async () => {
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

Deno.test("a view cannot make the gateway repeat a request", async () => {
  await using pod = await Pod.start("a", {
    answer: (_request, response) => response.writeHead(503, { "x-gate-unavailable": "guessed" }).end("mine"),
  });
  await using gateway = await Gateway.start({ check: passes });
  await gateway.view("hello", { serving: [pod.address] });

  const { status, headers, body } = await gateway.ask(HELLO, { method: "POST", body: "once" });
  assert.deepEqual([status, headers["x-gate-unavailable"], body], [503, undefined, "mine"]);
  assert.equal(pod.requests.length, 1);
});

Deno.test("a client cannot speak through the gateway's internal headers, nor through Envoy's", async () => {
  const counts: number[] = [];
  await using pod = await Pod.start("a", { answer: (_request, response) => response.writeHead(500).end("slow") });
  await using gateway = await Gateway.start({
    check: async (request) => {
      counts.push(passesOf(request));
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  const headers = {
    "x-gate-pass": "99",
    "x-gate-unavailable": TOKEN,
    "x-envoy-retry-on": "5xx",
    "x-envoy-max-retries": "9",
    "x-envoy-upstream-rq-timeout-ms": "1",
    "x-envoy-upstream-rq-per-try-timeout-ms": "1",
    "x-envoy-upstream-alt-stat-name": "mine",
    "x-envoy-hedge-on-per-try-timeout": "true",
    "x-envoy-original-path": "/other",
    "x-forwarded-client-cert": "By=me",
  };

  // Once through the gate, once straight.
  for (let i = 0; i < 2; i++) assert.equal((await gateway.ask(HELLO, { headers })).body, "slow");
  assert.deepEqual(counts, [0]);
  assert.equal(pod.requests.length, 2);
  assert.deepEqual(pod.requests.map(({ headers }) => headers["x-gate-pass"]), ["1", undefined]);
  for (const seen of pod.requests) {
    const known = Object.keys(headers).filter((name) => name !== "x-gate-pass" && name in seen.headers);
    assert.deepEqual(known, []);
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

Deno.test("a probe is the sidecar's to answer, also where the view is awake; it never comes to the gate", async () => {
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({ settings: { probePath: "/up" } });
  await gateway.view("hello", { serving: [pod.address] });

  const agent = { "user-agent": "kube-probe/1.33" };
  assert.equal((await gateway.ask(HELLO, { headers: agent, path: "/a" })).body, "sidecar GET /a");
  assert.equal((await gateway.ask(HELLO, { path: "/up?now" })).body, "sidecar GET /up");
  assert.equal((await gateway.ask("asleep.localhost", { headers: agent })).status, 200);
  assert.equal((await gateway.ask(HELLO, { path: "/upper" })).status, 200);
  assert.equal(pod.requests.length, 1);
  assert.equal(await gateway.gateRequests(), 0);
});

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
