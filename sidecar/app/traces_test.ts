import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { OtlpCollector } from "../../test/otlp/otlp_collector.ts";
import type { OtlpSpan } from "../../test/otlp/otlp_spans.ts";
import { sendRequest } from "../envoy/testing/http_client.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { eventually } from "../testing/eventually.ts";
import { keepLog } from "../testing/kept_log.ts";
import { machineAddress } from "../testing/machine_address.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate, withReplica } from "../testing/with_replica.ts";

/** Each span's name with the names of those above it. */
function chains(spans: readonly OtlpSpan[]): readonly string[] {
  const above = ({ parentSpanId, name }: OtlpSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId);
    return parent === undefined ? name : `${above(parent)} → ${name}`;
  };
  return spans.map(above).toSorted();
}

const called = (spans: readonly OtlpSpan[], name: string) => spans.find((span) => span.name === name);
const having = (...names: string[]) => (spans: readonly OtlpSpan[]) =>
  names.every((name) => called(spans, name) !== undefined);

/** The steps of a start as kwok always shows them. */
const STEPS = ["creating container", "waiting for readiness", "connecting"];
const SLOW = { "kwok/running-after": "300ms", "kwok/ready-after": "200ms" };

const HOLD = "gate → async sidecar_authz egress → hold";
const BROWSER = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

// A machine without a network has no such address.
if (machineAddress !== undefined) {
  const host = machineAddress;
  const podAt = ({ port }: { readonly port: number }) => ({
    annotations: { ...SLOW, "kwok/pod-ip": host },
    port: { name: "http", containerPort: port },
  });

  clusterTest("a cold start is one trace, from the gate over each step of the start to the pod", async (namespace) => {
    await using collector = new OtlpCollector();
    await using pod = await Pod.start("a", { host });
    const config = { tracesEndpoint: collector.endpoint };
    await withReplica(namespace, podAt(pod.address), async (replica, asked) => {
      const asks = Promise.all([asked(), asked(), asked()]);
      deepEqual((await asks).map(({ status }) => status), [200, 200, 200]);

      const spans = await collector.trace("a start", having("gate", "hold", "create Job", ...STEPS));
      const steps = chains(spans).filter((chain) => !/(no pod|scheduling)$/.test(chain));
      deepEqual(steps, [
        ...["gate", "gate → async sidecar_authz egress", HOLD, `${HOLD} → connecting`, `${HOLD} → create Job`],
        ...[`${HOLD} → creating container`, `${HOLD} → waiting for readiness`, "gate → router hello egress"],
      ]);
      const hold = called(spans, "hold")!;
      const { "view_gateway.view": view, "view_gateway.outcome": outcome, "view_gateway.start": start } =
        hold.attributes;
      deepEqual([view, outcome, start], ["hello", "pass", "cold"]);
      equal(hold.resource["service.name"], "view-gateway-sidecar");
      deepEqual(called(spans, "create Job")?.attributes["view_gateway.outcome"], "created");
      const waits = STEPS.map((name) => called(spans, name)!);
      ok(waits.every(({ start, end }) => start >= hold.start && end >= start));
      equal(waits[0]!.end, waits[1]!.start, "one step begins where the one before ends");
      equal(spans.some(({ error }) => error !== undefined), false);
      const { traceparent } = pod.requests.find(({ headers }) => headers["traceparent"]?.includes(hold.traceId))!
        .headers;
      equal(traceparent, `00-${hold.traceId}-${called(spans, "router hello egress")?.spanId}-01`);

      // The other requests say which one has the steps.
      await eventually(
        "all three are there",
        () => Promise.resolve(collector.spans.filter(({ name }) => name === "hold").length === 3),
      );
      const others = collector.spans.filter(({ name, traceId }) => name === "hold" && traceId !== hold.traceId);
      const { traceId, spanId } = hold;
      deepEqual(others.map(({ links }) => links), [[{ traceId, spanId }], [{ traceId, spanId }]]);
      equal(collector.spans.filter(({ name }) => name === "connecting").length, 1);
      match((await replica.probe("/metrics")).text, /^view_gateway_traces_dropped_total 0$/m);
    }, config);
  });

  clusterTest("at each gateway the first request that waits for a start has its steps", async (namespace) => {
    await using collector = new OtlpCollector();
    await using pod = await Pod.start("a", { host });
    const config = { tracesEndpoint: collector.endpoint };
    await withReplica(namespace, podAt(pod.address), async (_one, asked) => {
      await using other = await Replica.start(namespace, { config });
      const port = await other.envoy!.port("public");
      const answers = await Promise.all([asked(), sendRequest({ host: "hello.localhost", port })]);
      deepEqual(answers.map(({ status }) => status), [200, 200]);

      const whole = having("gate", "hold", ...STEPS);
      const isWhole = () => Promise.resolve([...collector.traces.values()].filter(whole).length === 2);
      await eventually("both traces are whole", isWhole);
      const jobs = [...collector.traces.values()].map((spans) =>
        called(spans, "connecting")?.attributes["k8s.job.uid"]
      );
      equal(jobs[0], jobs[1], "both tell of one Job");
      const created = collector.spans.filter(({ name, attributes }) =>
        name === "create Job" && attributes["view_gateway.outcome"] === "created"
      );
      equal(created.length, 1);
    }, config);
  });

  clusterTest("a warm start has the claim and the assignment in its trace", async (namespace) => {
    await using collector = new OtlpCollector();
    await using server = Deno.serve({ hostname: host, port: 0, onListen: () => {} }, () => new Response());
    const annotations = {
      ...{ "view.yolean.se/warm": "1", "view.yolean.se/assign": "/_gate/assign", "kwok/pod-ip": host },
    };
    const shape = { annotations, port: { name: "http", containerPort: server.addr.port } };
    await withReplica(namespace, shape, async (replica, asked) => {
      const ready = 'view_gateway_pool_pods{state="ready",template="default"} 1';
      const isReady = async () => (await replica.probe("/metrics")).text.includes(ready);
      await eventually("the pool is ready", isReady, 20);
      equal((await asked()).status, 200);
      const spans = await collector.trace("a warm start", having("gate", "hold", "claim pod", "assigning"));
      deepEqual(called(spans, "hold")?.attributes["view_gateway.start"], "warm");
      deepEqual(called(spans, "claim pod")?.attributes["view_gateway.outcome"], "claimed");
      const under = chains(spans).filter((chain) => /(claim pod|assigning)$/.test(chain));
      deepEqual(under, [`${HOLD} → assigning`, `${HOLD} → claim pod`]);
    }, { tracesEndpoint: collector.endpoint });
  });
}

clusterTest("a start that fails keeps its steps, and Kubernetes' reason", async (namespace) => {
  await using collector = new OtlpCollector();
  await using log = await keepLog();
  const config = { tracesEndpoint: collector.endpoint, contact: "the data team" };
  await withReplica(namespace, { spec: { nodeSelector: { none: "such" } } }, async (_replica, asked) => {
    const { status, body } = await asked({ path: "/secret?secret", headers: { cookie: "secret", from: "a@secret" } });
    equal(status, 503, body);
    const problem = JSON.parse(body);
    equal(problem.reason, "Unschedulable");

    const spans = await collector.trace("a failed start", having("gate", "hold", "scheduling"));
    const [hold, step] = [called(spans, "hold")!, called(spans, "scheduling")!];
    deepEqual([step.error, step.parentSpanId], [problem.reason, hold.spanId]);
    deepEqual([hold.error, hold.attributes["view_gateway.outcome"]], [problem.reason, "failed"]);
    ok(having("create Job")(spans));
    equal(problem.traceId, hold.traceId);
    const lines = log.lines().filter((line) => line.includes(hold.traceId));
    ok(lines.some((line) => line.includes("is launched")), lines.join("\n"));
    ok(lines.some((line) => line.includes("A request for")), lines.join("\n"));
    doesNotMatch(collector.texts.join(), /secret/);

    const page = await asked({ headers: BROWSER });
    const [, traceId] = /name trace <code id="trace">([0-9a-f]{32})<\/code>/.exec(page.body) ?? [];
    await collector.trace("the page", ([span]) => span?.traceId === traceId);
  }, config);
});

clusterTest("a request that is not traced gets no ID of a trace", async (namespace) => {
  await using collector = new OtlpCollector();
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  for (const config of [{ tracesEndpoint: collector.endpoint }, {}]) {
    await using replica = await Replica.start(namespace, { template: podTemplate(), config });
    const port = await replica.envoy!.port("public");
    const headers = "tracesEndpoint" in config ? { traceparent } : {};
    const { status, body } = await sendRequest({ host: "nobody.localhost", port, headers });
    deepEqual([status, JSON.parse(body).traceId], [404, undefined]);
  }
  equal(collector.spans.length, 0);
});

for (
  const [kind, answer] of Object.entries({
    fails: () => new Response(null, { status: 500 }),
    "never answers": (over: AbortSignal) =>
      new Promise<Response>((resolve) => over.addEventListener("abort", () => resolve(new Response()))),
  })
) {
  clusterTest(`a collector that ${kind} changes nothing but the count of dropped spans`, async (namespace) => {
    await using collector = new OtlpCollector({ answer });
    await withReplica(namespace, {}, async (replica) => {
      const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      equal((await replica.check("hello", { traceparent })).status, 200);
      equal((await replica.check("hello", { traceparent })).status, 200);
      const dropped = async () =>
        /^view_gateway_traces_dropped_total [1-9]/m.test((await replica.probe("/metrics")).text);
      await eventually("spans are dropped", dropped, 10);
      equal((await replica.probe("/readyz")).status, 200);
    }, { tracesEndpoint: collector.endpoint });
  });
}
