import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { tcpForwarder } from "../kubernetes/testing/tcp_forwarder.ts";
import { Replica } from "../testing/replica.ts";

const SPEC = JSON.stringify({ subsets: [] });

/** Creates a view; answers its UID. */
function view(namespace: Namespace, name: string, spec = SPEC): Promise<string> {
  return namespace.createService(name, {
    metadata: { name, labels: { "view.yolean.se/name": name }, annotations: { "view.yolean.se/spec": spec } },
  });
}

async function jobs(namespace: Namespace): Promise<readonly { metadata: { name: string; uid: string } }[]> {
  const list = await namespace.call("GET", "apis/batch/v1/jobs") as unknown as {
    items: { metadata: { name: string; uid: string } }[];
  };
  return list.items;
}

clusterTest("given a view that sleeps, its first request passes when Envoy has ACKed its pod", async (namespace) => {
  await view(namespace, "hello");
  await using replica = await Replica.start(namespace);
  equal(await replica.status("hello"), 200);
  deepEqual((await jobs(namespace)).map(({ metadata }) => metadata.name), ["hello"]);
  const hosts = (await replica.envoy!.clusters()).hello ?? [];
  match(hosts.find(({ priority }) => priority === 0)?.address ?? "", /^10\.[0-9.]+:8080$/);

  equal(await replica.status("hello"), 200);
  equal((await jobs(namespace)).length, 1);
});

clusterTest("given a hundred first requests at two replicas, there is one Job", async (namespace) => {
  await view(namespace, "hello");
  await using first = await Replica.start(namespace);
  await using second = await Replica.start(namespace);
  const statuses = await Promise.all(
    Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? first : second).status("hello")),
  );
  deepEqual(new Set(statuses), new Set([200]));
  equal((await jobs(namespace)).length, 1);
});

clusterTest("what one client cannot have disturbs no other view", async (namespace) => {
  await view(namespace, "hello");
  await view(namespace, "broken", "{");
  await view(namespace, "brief", JSON.stringify({ subsets: [], maxLifetimeSeconds: 1 }));
  await using replica = await Replica.start(namespace);
  const { status, body } = await replica.check("broken");
  equal(status, 500);
  match(body, /annotation view\.yolean\.se\/spec is not JSON/);
  match((await replica.check("brief")).body, /maxLifetimeSeconds must be from 10 to 31536000 seconds/);
  equal(await replica.status("unknown"), 404);
  equal(await replica.status("hello"), 200);
});

clusterTest("a view of the shortest lifetime wakes and passes, however long it might idle", async (namespace) => {
  await view(namespace, "brief", JSON.stringify({ subsets: [], maxLifetimeSeconds: 10 }));
  await using replica = await Replica.start(namespace);
  equal(await replica.status("brief"), 200);
});

clusterTest("a view that is deleted while its request is held answers 404, and leaves nothing", async (namespace) => {
  await view(namespace, "hello");
  // Without an Envoy nothing is ever ACKed, so the request stays.
  await using replica = await Replica.start(namespace, { envoy: false });
  const held = replica.status("hello");
  while ((await jobs(namespace)).length === 0) await pause(20);
  await namespace.deleteService("hello");
  equal(await held, 404);
  const until = performance.now() + 10_000;
  while ((await jobs(namespace)).length > 0) {
    ok(performance.now() < until, "the Job is still there after 10 s");
    await pause(100);
  }
});

clusterTest("a view that is deleted and created again gets a Job of its own", async (namespace) => {
  await view(namespace, "hello");
  await using replica = await Replica.start(namespace);
  equal(await replica.status("hello"), 200);
  const [former] = await jobs(namespace);
  await namespace.deleteService("hello");
  await view(namespace, "hello");
  equal(await replica.status("hello"), 200);
  const now = await jobs(namespace);
  equal(now.length, 1);
  ok(now[0]!.metadata.uid !== former!.metadata.uid);
});

clusterTest("a sidecar that gets SIGTERM hands back what it holds, in bounded time", async (namespace) => {
  await view(namespace, "hello");
  await using replica = await Replica.start(namespace, { envoy: false });
  const held = replica.status("hello");
  const handedBack = rejects(held, /hands the request back/);
  while ((await jobs(namespace)).length === 0) await pause(20);
  const began = performance.now();
  await replica.stop();
  ok(performance.now() - began < 6_000);
  await handedBack;
});

clusterTest(
  "a sidecar is ready once it has read the views and Envoy has its listeners, and serves its metrics",
  async (namespace) => {
    await view(namespace, "hello");
    await using replica = await Replica.start(namespace);
    // Envoy serves a moment before the sidecar has read its last ACK.
    const until = performance.now() + 5_000;
    while ((await replica.probe("/readyz")).status !== 200 && performance.now() < until) await pause(20);
    const { status, text } = await replica.probe("/readyz");
    deepEqual([status, JSON.parse(text)], [200, { ready: true, reasons: [], warnings: [] }]);
    equal((await replica.probe("/livez")).status, 200);
    await replica.status("hello");
    const metrics = (await replica.probe("/metrics")).text;
    for (
      const line of [
        'view_gateway_views{phase="awake"} 1',
        'view_gateway_launches_total{outcome="created"} 1',
        'view_gateway_gate_outcomes_total{outcome="pass"} 1',
      ]
    ) ok(metrics.includes(line), `no ${line} in\n${metrics}`);
  },
);

clusterTest(
  "while the API server is silent, warm views pass and the gateway stays ready; sleeping ones wake afterwards",
  async (namespace) => {
    await view(namespace, "warm");
    await view(namespace, "cold");
    await using forwarder = tcpForwarder(namespace.load());
    await using replica = await Replica.start(namespace, { load: forwarder.load, config: { holdSeconds: 60 } });
    equal(await replica.status("warm"), 200);
    forwarder.silence();
    const cold = replica.status("cold");
    await pause(9_000);
    equal(await replica.status("warm"), 200);
    const { status, text } = await replica.probe("/readyz");
    equal(status, 200);
    match(JSON.parse(text).warnings.join(), /API server .* does not answer/);
    forwarder.restore();
    ok([200, 503].includes(await cold), "the request that came meanwhile has an answer");
    equal(await replica.status("cold"), 200);
  },
);
