import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { adsBootstrap } from "../../test/envoy/ads_bootstrap.ts";
import { EnvoyProcess } from "../../test/envoy/envoy_process.ts";
import { CLUSTER, ENDPOINTS, LISTENER, type Resource } from "../proto/resource.ts";
import { NotAckedError } from "./not_acked.ts";
import {
  answeringListener,
  badCluster,
  edsCluster,
  endpointsAt,
  idOf,
  invalidCluster,
  NOW,
  ServedAds,
} from "./testing/fixture.ts";

const soon = () => AbortSignal.timeout(10_000);
const view = (name: string, port: number, seconds = 1) => [edsCluster(name, seconds), endpointsAt(name, port)];

/** The real Envoy, connected to a server that has given it these resources. */
async function start(...resources: Resource[]) {
  const served = await ServedAds.start(resources);
  const envoy = await EnvoyProcess.start({ bootstrap: adsBootstrap(served.socket) });
  await envoy.until("it is served", () => served.ads.status().streams[0]?.served === true);
  await envoy.ready();
  return {
    served,
    envoy,
    /** Publishes, and waits for the ACK of each. */
    async set(...resources: Resource[]) {
      served.ads.publish({ set: resources, removed: [] });
      for (const { type, name, version } of resources) await served.ads.untilAcked(type, name, version, soon());
    },
    async [Symbol.asyncDispose]() {
      await envoy.stop();
      await served[Symbol.asyncDispose]();
    },
  };
}

Deno.test("Envoy is given all that there is, and then what changes", async () => {
  await using it = await start(answeringListener("hello"), ...view("a", 1), ...view("b", 2));
  const { served, envoy } = it;
  equal(await (await fetch(`http://127.0.0.1:${await envoy.port("hello")}/`)).text(), "hello");
  const addresses = async () =>
    Object.fromEntries(
      Object.entries(await envoy.clusters()).filter(([name]) => name !== "sidecar_ads")
        .map(([name, hosts]) => [name, hosts.map(({ address }) => address)]),
    );
  deepEqual(await addresses(), { a: ["127.0.0.1:1"], b: ["127.0.0.1:2"] });
  deepEqual(served.counts, {
    "update Cluster": 2,
    "ack Cluster": 2,
    "update ClusterLoadAssignment": 2,
    "ack ClusterLoadAssignment": 2,
    "update Listener": 1,
    "ack Listener": 1,
  });
  deepEqual(served.ads.status(), { started: true, streams: [{ node: "envoy-test", served: true, nacks: [] }] });

  await it.set(endpointsAt("a", 3));
  deepEqual(await addresses(), { a: ["127.0.0.1:3"], b: ["127.0.0.1:2"] });
  equal(served.counts["update ClusterLoadAssignment"], 3);
  equal(served.counts["update Cluster"], 2);

  await it.set(...view("c", 4));
  deepEqual((await addresses()).c, ["127.0.0.1:4"]);

  served.ads.publish({ set: [], removed: view("a", 3).map(idOf) });
  await envoy.until("a is gone", async () => !("a" in await addresses()));
  await envoy.until("that is ACKed", () => !served.ads.acked(CLUSTER, "a", edsCluster("a").version));
});

Deno.test("a cluster that changes is ACKed at once, though its endpoints do not change", async () => {
  await using it = await start(answeringListener("hello"), ...view("a", 1));
  const began = performance.now();
  for (let seconds = 2; seconds <= 4; seconds++) await it.set(edsCluster("a", seconds));
  // Envoy would wait 15 s for endpoints that are not sent again.
  ok(performance.now() - began < 10_000);
});

Deno.test("one bad cluster among good ones is refused alone, and is reported until it is better", async () => {
  await using it = await start(answeringListener("hello"));
  const { served } = it;
  const good = Array.from({ length: 8 }, (_, i) => view(`good-${i}`, i + 1)).flat();
  const bad = [badCluster("bad"), endpointsAt("bad", 9)];
  served.ads.publish({ set: [...good, ...bad], removed: [] });

  for (const { type, name, version } of good) await served.ads.untilAcked(type, name, version, soon());
  await rejects(served.ads.untilAcked(CLUSTER, "bad", bad[0]!.version, soon()), (error) => {
    ok(error instanceof NotAckedError);
    equal(error.reason, "refused");
    match(error.message, /^Envoy refuses Cluster "bad": .*bad/s);
    return true;
  });
  // A wait for endpoints ends too where their cluster is refused.
  await rejects(served.ads.untilAcked(ENDPOINTS, "bad", bad[1]!.version, soon()), { reason: "refused" });
  const [nack, ...others] = served.ads.status().streams[0]!.nacks;
  deepEqual([nack?.type, nack?.name, nack?.version, others], [CLUSTER, "bad", bad[0]!.version, []]);
  equal(nack!.since, NOW);
  equal(served.counts["nack Cluster"], 1);
  const lines = served.logged.filter((line) => line.startsWith(`Envoy refuses ${CLUSTER} bad: `));
  equal(lines.length, 1, served.logged.join("\n"));

  await it.set(edsCluster("bad"), endpointsAt("bad", 9));
  deepEqual(served.ads.status().streams[0]!.nacks, []);
  equal(served.counts["nack Cluster"], 1);
});

Deno.test("a cluster that breaks a constraint is refused, and goes when it is removed", async () => {
  await using it = await start(answeringListener("hello"));
  const { served } = it;
  const invalid = invalidCluster("invalid");
  await rejects(it.set(invalid), { reason: "refused" });
  served.ads.publish({ set: [], removed: [idOf(invalid)] });
  await rejects(served.ads.untilAcked(CLUSTER, "invalid", invalid.version, soon()), { reason: "not published" });
  await it.set(edsCluster("good"));
  deepEqual(served.ads.status().streams[0]!.nacks, []);
});

Deno.test("a server that comes back sends what has changed, and nothing where nothing has", async () => {
  const resources = [answeringListener("hello"), ...view("a", 1), ...view("b", 2)];
  await using it = await start(...resources);
  const { served, envoy } = it;
  const again = async (...resources: Resource[]) => {
    await served.stop();
    for (const key of Object.keys(served.counts)) delete served.counts[key];
    await served.again(resources);
    served.ads.start();
    for (const { type, name, version } of resources) await served.ads.untilAcked(type, name, version, soon());
    await envoy.until("it is served", () => served.ads.status().streams[0]?.served === true);
    return served.counts;
  };

  deepEqual(await again(...resources), {});
  deepEqual(await again(answeringListener("hello"), edsCluster("a"), endpointsAt("a", 3), ...view("b", 2)), {
    "update ClusterLoadAssignment": 1,
    "ack ClusterLoadAssignment": 1,
  });
  // A cluster that has changed brings its endpoints along; one that is gone is removed.
  const third = await again(answeringListener("hello"), edsCluster("a", 5), endpointsAt("a", 3));
  await envoy.until("b is gone", async () => !("b" in await envoy.clusters()));
  deepEqual([third["update Cluster"], third["update Listener"]], [2, undefined]);
  ok(third["update ClusterLoadAssignment"]! >= 1);
});

Deno.test("nothing is sent before the server is started, and all of it then", async () => {
  const served = await ServedAds.start();
  await served.stop();
  await served.again([answeringListener("hello"), ...view("a", 1)]);
  try {
    await using envoy = await EnvoyProcess.start({ bootstrap: adsBootstrap(served.socket) });
    await envoy.until("it is connected", async () => await envoy.stat("control_plane.connected_state") === 1);
    served.ads.publish({ set: view("b", 2), removed: [] });
    await new Promise((resolve) => setTimeout(resolve, 100));
    deepEqual(served.counts, {});
    deepEqual(served.ads.status(), { started: false, streams: [] });
    equal(await envoy.stat("listener_manager.lds.update_attempt"), 0);

    served.ads.start();
    await envoy.ready();
    deepEqual(Object.keys(await envoy.clusters()).toSorted(), ["a", "b", "sidecar_ads"]);
  } finally {
    await served[Symbol.asyncDispose]();
  }
});

Deno.test("whoever waits for an ACK waits for the Envoy that connects next", async () => {
  const [cluster, endpoints] = view("a", 1);
  await using served = await ServedAds.start([answeringListener("hello"), cluster!, endpoints!]);
  const waited = served.ads.untilAcked(ENDPOINTS, "a", endpoints!.version, AbortSignal.timeout(20_000));
  const version = answeringListener("hello").version;
  equal(served.ads.acked(LISTENER, "hello", version), false);
  {
    await using envoy = await EnvoyProcess.start({ bootstrap: adsBootstrap(served.socket, "first") });
    await waited;
    await envoy.until("it has the listener", () => served.ads.acked(LISTENER, "hello", version));
  }
  // What an Envoy had that is gone says nothing of the one that comes after it.
  while (served.ads.status().streams.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  equal(served.ads.acked(LISTENER, "hello", version), false);
  match(served.logged.join("\n"), /The xDS stream of first has (ended|failed)/);
  await rejects(served.ads.untilAcked(LISTENER, "hello", version, AbortSignal.timeout(10)), { name: "TimeoutError" });
});

Deno.test("a wait for a resource that is removed ends", async () => {
  const [cluster, endpoints] = view("a", 1);
  await using served = await ServedAds.start([cluster!, endpoints!]);
  const waited = served.ads.untilAcked(ENDPOINTS, "a", endpoints!.version, soon());
  served.ads.publish({ set: [], removed: [idOf(endpoints!)] });
  await rejects(waited, { name: "NotAckedError", reason: "not published", message: /ClusterLoadAssignment "a"/ });
  await rejects(served.ads.untilAcked(CLUSTER, "b", "1", soon()), { reason: "not published" });
});
