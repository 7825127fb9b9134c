import assert from "node:assert/strict";
import { deny, Gateway, pass, passes, passesOf, TOKEN } from "./testing/gateway.ts";
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

Deno.test("however many spellings of hosts Envoy has met, each leads to its own view", async () => {
  await using first = await Pod.start("first");
  await using second = await Pod.start("second");
  await using gateway = await Gateway.start();
  await gateway.view("first", { serving: [first.address] });
  await gateway.view("second", { serving: [second.address] });
  const ask = async (name: string, port: number | string) => {
    const { status, body } = await gateway.ask(`${name}.localhost:${port}`);
    assert.deepEqual([status, JSON.parse(body).pod], [200, name]);
  };

  // More than Envoy remembers, and one that is too long to be remembered.
  for (let port = 0; port < 600; port++) await Promise.all([ask("first", port), ask("second", port)]);
  for (const name of ["first", "second", "first"]) await ask(name, "0".repeat(1_000));
  for (const name of ["first", "second"]) await ask(name, 1);
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
