import { once } from "node:events";
import { connect } from "node:net";
import { test } from "vitest";
import { core, ifThere } from "../../cluster/cluster.ts";
import { environment } from "../../environment.ts";
import { besideGateway, setVariables } from "../../gateway/deployment_beside.ts";
import { theGateway, uniqueName } from "../../gateway/gateway.ts";
import { replicaBeside } from "../../gateway/own_replica.ts";
import type { Replica } from "../../gateway/replica.ts";
import type { View } from "../../gateway/view.ts";
import { fireAndResolve } from "../../prometheus/fire_and_resolve.ts";
import { scrapedGateway } from "../../prometheus/scraped_gateway.ts";
import { repeatedly } from "../../repeatedly.ts";
import { until } from "../../until.ts";

const BESIDE = "alerts-limits";
const ENVOY_CONFIG = uniqueName(BESIDE);

const BODY = new Uint8Array(1_000_000);
const HELD = 5;
/** Somewhat more than these bodies take, each of them twice. */
const BYTES = 11_000_000;
const LIMITS = {
  ...{ HELD_IN_ALL: HELD, HELD_PER_VIEW: HELD },
  ...{
    HELD_BYTES_IN_ALL: BYTES,
    HELD_BYTES_PER_VIEW: BYTES,
    REQUEST_BODY_BUFFER_LIMIT_BYTES: 1 << 20,
  },
};
const CONNECTIONS = 20;

/** Of an Envoy that has little memory. */
const MEMORY = "96Mi";
/** Percent of it: more than the alert asks for, and less than makes Envoy refuse requests. */
const PRESSURE = 88;
const MEMORY_PRESSURE = "envoy_overload_envoy_resource_monitors_cgroup_memory_pressure";

/** Envoy takes its time to give memory back. */
const SLOW = { within: 140_000, every: 250 };

const { namespace, prometheus } = environment();

test.skipIf(prometheus === undefined)(
  "requests that wait raise ViewGatewayManyHeld and ViewGatewayManyBytesHeld until their clients go",
  { timeout: 300_000 },
  async () => {
    await using _limited = await limited();
    const gateway = await theGateway();
    const replica = replicaBeside(gateway, BESIDE);
    await using _scraped = await scrapedGateway(namespace);
    await using view = await gateway.create("alerts-held", { template: "never-ready" }, replica);
    const labels = { namespace, pod: replica.pod };
    await fireAndResolve(
      [
        { alert: "ViewGatewayManyHeld", severity: "warning", labels },
        { alert: "ViewGatewayManyBytesHeld", severity: "warning", labels },
      ],
      async () => {
        const clients = new HeldUploads(view, replica);
        for (let sent = 0; sent < HELD; sent++) await clients.add();
        return clients;
      },
    );
  },
);

test.skipIf(prometheus === undefined)(
  "bodies that take almost all of Envoy's memory raise ViewGatewayEnvoyOverloaded until their clients go",
  { timeout: 300_000 },
  async () => {
    await using _small = await besideGateway(namespace, BESIDE, ({ containers }) => {
      const envoy = containers.find(({ name }) => name === "envoy")!;
      envoy.resources = { requests: { memory: MEMORY }, limits: { memory: MEMORY } };
    });
    const gateway = await theGateway();
    const replica = replicaBeside(gateway, BESIDE);
    await using _scraped = await scrapedGateway(namespace);
    await using view = await gateway.create("alerts-memory", { template: "never-ready" }, replica);
    await fireAndResolve(
      [{
        alert: "ViewGatewayEnvoyOverloaded",
        severity: "warning",
        labels: { namespace, pod: replica.pod },
      }],
      async () => {
        await using stack = new AsyncDisposableStack();
        const clients = stack.use(new HeldUploads(view, replica));
        // Envoy gives some memory back meanwhile.
        const more = async () => await replica.envoy(MEMORY_PRESSURE) < PRESSURE && await clients.add();
        stack.use(repeatedly(more, 100));
        return stack.move();
      },
      SLOW,
    );
  },
);

test.skipIf(prometheus === undefined)(
  "more connections than an Envoy takes raise ViewGatewayEnvoyOverloaded until there are fewer",
  { timeout: 300_000 },
  async () => {
    await using _limited = await limited();
    const replica = replicaBeside(await theGateway(), BESIDE);
    const { hostname, port } = new URL(await replica.public());
    await using _scraped = await scrapedGateway(namespace);
    await fireAndResolve(
      [{
        alert: "ViewGatewayEnvoyOverloaded",
        severity: "page",
        labels: { namespace, pod: replica.pod },
      }],
      () =>
        Promise.resolve(repeatedly(async () => {
          const sockets = Array.from({ length: 2 * CONNECTIONS }, () => connect(Number(port), hostname));
          // Envoy ends those that are too many.
          for (const socket of sockets) socket.on("error", () => {});
          await Promise.all(sockets.map((socket) => once(socket, "connect").catch(() => {})));
          for (const socket of sockets) socket.destroy();
        }, 500)),
    );
  },
);

/** Clients that wait with a body, until the end of the scope. */
class HeldUploads implements AsyncDisposable {
  readonly #view: View;
  readonly #replica: Replica;
  readonly #gone = new AbortController();
  readonly #asked: Promise<unknown>[] = [];

  constructor(view: View, replica: Replica) {
    this.#view = view;
    this.#replica = replica;
  }

  /** Resolves when the gate holds one more. */
  async add(): Promise<void> {
    const { signal } = this.#gone;
    const request = { method: "POST", body: BODY, signal } as const;
    this.#asked.push(this.#view.askThrough(this.#replica, request).catch(() => undefined));
    const held = () => this.#replica.sidecar("view_gateway_gate_held");
    await until(`${this.#asked.length} are held`, async () => await held() === this.#asked.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gone.abort();
    await Promise.all(this.#asked);
  }
}

/** A gateway with small limits, beside the others. */
async function limited(): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { items } = await core.listNamespacedConfigMap({ namespace });
  const text = items.find(({ data }) => data?.["envoy.yaml"] !== undefined)!.data!["envoy.yaml"]!;
  const few = text.replace(/(max_active_downstream_connections:) \d+/, `$1 ${CONNECTIONS}`);
  stack.defer(async () => void await ifThere(core.deleteNamespacedConfigMap({ namespace, name: ENVOY_CONFIG })));
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: ENVOY_CONFIG }, data: { "envoy.yaml": few } },
  });
  stack.use(
    await besideGateway(namespace, BESIDE, (pod) => {
      setVariables(pod, LIMITS);
      for (const { configMap } of pod.volumes!) {
        if (configMap?.name?.includes("envoy")) configMap.name = ENVOY_CONFIG;
      }
    }),
  );
  return stack.move();
}
