import { afterEach, expect, test } from "vitest";
import { TraceCollector } from "../../client/trace_collector.ts";
import { environment } from "../../environment.ts";
import { deployBeside, removeBeside, setVariables } from "../../gateway/deployment_beside.ts";
import { theGateway } from "../../gateway/gateway.ts";
import { SALES } from "../../gateway/lake.ts";
import { replicaBeside } from "../../gateway/own_replica.ts";
import { until } from "../../until.ts";

const BESIDE = "view-gateway-traced";

afterEach(() => removeBeside(environment().namespace, BESIDE));

test.skipIf(!environment().direct)(
  "a cold start is one trace: from the request at the gate over each step of the start to the pod",
  { timeout: 180_000 },
  async () => {
    await using collector = await TraceCollector.start();
    await deployBeside(
      environment().namespace,
      BESIDE,
      (pod) => setVariables(pod, { TRACES_ENDPOINT: collector.endpoint }),
    );
    const gateway = await theGateway();
    const replica = replicaBeside(gateway, BESIDE);
    await using view = await gateway.create("traced", { subsets: SALES });

    const { status } = await view.askThrough(replica, { path: "/whoami?secret=1" });
    expect(status).toBe(200);

    const spans = await until("the whole trace is there", () => {
      const { traceId } = collector.spans.find(({ name, attributes }) =>
        name === "connecting" && attributes["view_gateway.view"] === view.name
      ) ?? {};
      const found = collector.spans.filter((span) =>
        span.traceId === traceId
      );
      return found.some(({ name }) => name === "gate") && found.some(({ name }) => name === "hold") && found;
    });
    const above = (parent: string): string => {
      const span = spans.find(({ spanId }) => spanId === parent);
      return span === undefined ? "" : `${above(span.parentSpanId)}${span.name} → `;
    };
    const chains = spans.map(({ parentSpanId, name }) => above(parentSpanId) + name);
    const hold = "gate → async sidecar_authz egress → hold";
    const steps = ["creating container", "waiting for readiness", "connecting"];
    const launch = ["AssumeRole", "write Secret", "create Job"];
    expect(chains).toEqual(expect.arrayContaining([
      ...["gate", "gate → async sidecar_authz egress", hold, `gate → router ${view.name} egress`],
      ...[...launch, ...steps].map((name) => `${hold} → ${name}`),
    ]));
    expect(new Set(chains.map((chain) => chain.split(" → ")[0]))).toEqual(new Set(["gate"]));
    // The steps fill most of the time that the request waited.
    const milliseconds = (names: readonly string[]) =>
      spans.filter(({ name }) => names.includes(name))
        .reduce((sum, { start, end }) => sum + Number(BigInt(end) - BigInt(start)) / 1e6, 0);
    expect(milliseconds(steps)).toBeGreaterThan(milliseconds(["hold"]) / 3);
    expect(milliseconds(steps)).toBeLessThanOrEqual(milliseconds(["hold"]) + 2);
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret=1|whoami/);
    expect(await replica.sidecar("view_gateway_traces_dropped_total")).toBe(0);
  },
);
