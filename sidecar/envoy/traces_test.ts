import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { type CollectorOptions, OtlpCollector } from "../../test/otlp/otlp_collector.ts";
import type { OtlpSpan } from "../../test/otlp/otlp_spans.ts";
import { askOverSocket } from "./testing/http_client.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";
import { certifiedFor } from "../testing/certified.ts";
import { socketsIn } from "./sockets.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
/** Connections to the collector that Envoy could not make. */
const FAILED = "cluster.otlp_traces.upstream_cx_connect_fail";

const parent = (flags: string) => ({ traceparent: `00-${TRACE}-00f067aa0ba902b7-${flags}` });

/** An Envoy with a collector and a view whose requests all go over the gate, which keeps the headers of each Check. */
async function start(options: CollectorOptions = {}, caFile = "/none") {
  const stack = new AsyncDisposableStack();
  const collector = stack.use(new OtlpCollector(options));
  const pod = stack.use(await Pod.start("a"));
  const checks: Headers[] = [];
  const gateway = stack.use(
    await Gateway.start({
      settings: { traces: { endpoint: collector.endpoint, caFile, instance: "gateway-1" } },
      check: async (request) => {
        checks.push(request.headers);
        await gateway.view("hello", { serving: [pod.address] });
        return pass(request);
      },
    }),
  );
  return { collector, pod, checks, gateway, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const gateOf = (spans: readonly OtlpSpan[]) => spans.find(({ name }) => name === "gate");
const ofGate = (spans: readonly OtlpSpan[]) => gateOf(spans) !== undefined;

Deno.test("a request at the gate is a trace, of which the Check and the pod hear", async () => {
  await using traced = await start();
  equal((await traced.gateway.ask("hello.localhost")).status, 200);

  const spans = await traced.collector.trace("the gate", ofGate);
  const gate = gateOf(spans)!;
  deepEqual([gate.parentSpanId, gate.kind], ["", 2]);
  const [check, router] = ["async sidecar_authz egress", "router hello egress"].map((name) =>
    spans.find((span) => span.name === name)
  );
  deepEqual([check?.parentSpanId, router?.parentSpanId], [gate.spanId, gate.spanId]);
  equal(spans.length, 3);
  equal(traced.checks[0]?.get("traceparent"), `00-${gate.traceId}-${check?.spanId}-01`);
  const [seen] = traced.pod.requests;
  equal(seen?.headers["traceparent"], `00-${gate.traceId}-${router?.spanId}-01`);
  equal(seen?.headers["x-envoy-decorator-operation"], undefined);
  deepEqual(
    ["service.name", "service.namespace", "service.instance.id"].map((name) => gate.resource[name]),
    ["view-gateway-envoy", "view-gateway", "gateway-1"],
  );

  // A warm request does not come to the gate.
  equal((await traced.gateway.ask("hello.localhost", { headers: parent("01") })).status, 200);
  equal(traced.pod.requests[1]?.headers["traceparent"], parent("01").traceparent);
  equal(traced.checks.length, 1);
});

Deno.test("a client's trace goes on, unless it is not recorded", async () => {
  await using traced = await start();
  await traced.gateway.ask("hello.localhost", { headers: parent("00") });
  match(traced.checks[0]?.get("traceparent") ?? "", new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  await traced.gateway.forget("hello");
  await traced.gateway.ask("hello.localhost", { headers: parent("01") });

  const spans = await traced.collector.trace("the client", ofGate);
  const [seen, traces] = [gateOf(spans), traced.collector.traces];
  deepEqual([seen?.traceId, seen?.parentSpanId], [TRACE, "00f067aa0ba902b7"]);
  // Spans of the first request would have come before.
  deepEqual([...traces].map(([id, { length }]) => [id, length]), [[TRACE, 3]]);
});

Deno.test("what a client writes beside the trace that it names goes to no collector, and ends at the gate", async () => {
  await using traced = await start();
  const tracestate = "vendor=secret\xff";
  const { status } = await traced.gateway.ask("hello.localhost", { headers: { ...parent("01"), tracestate } });
  equal(status, 200);
  equal((await traced.collector.trace("the client", ofGate)).length, 3);
  doesNotMatch(traced.collector.texts.join(), /secret/);
  const [seen] = traced.pod.requests;
  deepEqual([traced.checks[0]?.get("tracestate"), seen?.headers["tracestate"]], ["", ""]);
});

Deno.test("nothing that a client writes is in a trace, except its host, its method and the trace that it names", async () => {
  await using traced = await start();
  const headers = {
    ...{ authorization: "Bearer secret-token", cookie: "__Host-view=secret-cookie", "user-agent": "secret-agent" },
    ...{ referer: "http://hello.localhost/secret-referer", "x-client-trace-id": "secret-id", baggage: "a=secret" },
    ...{ "x-request-id": "secret-request", "x-forwarded-email": "secret@example.com", "x-forwarded-for": "192.0.2.77" },
    ...{ "x-envoy-downstream-service-cluster": "secret", "x-envoy-downstream-service-node": "secret" },
    ...{ "x-envoy-force-trace": "secret", b3: "secret", "x-envoy-decorator-operation": "secret" },
  };
  const path = "/secret-path/secret@example.com?secret-query=1";
  for (const method of ["PUT", "POST", "PATCH"]) {
    equal((await traced.gateway.ask("hello.localhost", { method, path, headers, body: "secret-body" })).status, 200);
    await traced.gateway.forget("hello");
  }
  await traced.collector.trace("the last", (spans) => gateOf(spans)?.attributes["http.method"] === "PATCH");
  equal(traced.collector.traces.size, 3);
  doesNotMatch(traced.collector.texts.join(), /secret|192\.0\.2\.77/);
  for (const spans of traced.collector.traces.values()) {
    equal(gateOf(spans)?.attributes["http.url"], "http://hello.localhost");
  }
});

Deno.test("a request keeps its ID, and is traced also where a proxy in front has chosen another form of it", async () => {
  await using pod = await Pod.start("a");
  await using collector = new OtlpCollector();
  await using gateway = await Gateway.start({
    settings: { traces: { endpoint: collector.endpoint, caFile: "/none", instance: "" }, xffNumTrustedHops: 1 },
    check: async (request) => {
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  for (const id of ["f058ebd6-92f7-41d3-8a3d-0f22ec0e37cf", "from-the-proxy-7"]) {
    await gateway.ask("hello.localhost", { headers: { "x-request-id": id } });
    equal(pod.requests.at(-1)?.headers["x-request-id"], id);
    await gateway.forget("hello");
    await collector.trace(id, (spans) => gateOf(spans)?.attributes["guid:x-request-id"] === id);
  }
});

Deno.test("the sidecar's own spans reach the collector through Envoy, and nothing else does", async () => {
  await using traced = await start();
  const socket = socketsIn(traced.gateway.settings.socketDirectory).traces;
  const send = (path: string) =>
    askOverSocket(socket, {
      ...{ host: "any", path, method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE, name: "hold" }] }] }] }),
    });
  equal((await send("/v1/traces")).status, 200);
  equal(traced.collector.spans[0]?.name, "hold");
  equal((await send("/v1/logs")).status, 404);
});

Deno.test("over https, traces go only to a collector whose certificate is trusted", async () => {
  const files = await Deno.makeTempDir({ prefix: "traces-" });
  try {
    const own = await certifiedFor("127.0.0.1");
    await Deno.writeTextFile(join(files, "own.crt"), own.certificate);
    await Deno.writeTextFile(join(files, "other.crt"), (await certifiedFor("127.0.0.1")).certificate);
    const tls = { cert: own.certificate, key: own.key };

    await using trusted = await start({ tls }, join(files, "own.crt"));
    equal((await trusted.gateway.ask("hello.localhost")).status, 200);
    equal((await trusted.collector.trace("the gate", ofGate)).length, 3);

    await using stranger = await start({ tls }, join(files, "other.crt"));
    equal((await stranger.gateway.ask("hello.localhost")).status, 200);
    const { envoy } = stranger.gateway;
    await envoy.until("an export has failed", async () => await envoy.stat(FAILED) > 0);
    equal(stranger.collector.spans.length, 0);
  } finally {
    await Deno.remove(files, { recursive: true });
  }
});

for (
  const [kind, answer] of Object.entries({
    fails: () => new Response(null, { status: 500 }),
    "never answers": (over: AbortSignal) =>
      new Promise<Response>((resolve) => over.addEventListener("abort", () => resolve(new Response()))),
  })
) {
  Deno.test(`a collector that ${kind} harms no request`, async () => {
    await using traced = await start({ answer });
    for (let i = 0; i < 5; i++) {
      equal((await traced.gateway.ask("hello.localhost")).status, 200);
      await traced.gateway.forget("hello");
    }
    await traced.collector.trace("the gate", ofGate);
    equal((await traced.gateway.ask("hello.localhost")).status, 200);
  });
}

Deno.test("a collector that is away harms no request, and gets later traces when it comes", async () => {
  const gone = new OtlpCollector();
  const port = Number(new URL(gone.endpoint).port);
  await gone[Symbol.asyncDispose]();
  await using pod = await Pod.start("a");
  await using gateway = await Gateway.start({
    settings: { traces: { endpoint: gone.endpoint, caFile: "/none", instance: "" } },
    check: async (request) => {
      await gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  equal((await gateway.ask("hello.localhost")).status, 200);
  await gateway.envoy.until(
    "an export has failed",
    async () => await gateway.envoy.stat(FAILED) > 0,
  );
  await gateway.forget("hello");

  await using collector = new OtlpCollector({ port });
  ok((await gateway.ask("hello.localhost")).status === 200);
  equal((await collector.trace("the second request", ofGate)).length, 3);
});
