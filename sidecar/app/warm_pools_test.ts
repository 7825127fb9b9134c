import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { faultProxy } from "../kubernetes/testing/fault_proxy.ts";
import { writeTemplates } from "../kubernetes/testing/config_map.ts";
import { clusterTest, type Namespace } from "../kubernetes/testing/namespace.ts";
import { podsOf, type StoredPod } from "../kubernetes/testing/pool.ts";
import { eventually } from "../testing/eventually.ts";
import { keepLog } from "../testing/kept_log.ts";
import { Replica } from "../testing/replica.ts";
import { podTemplate } from "../testing/with_replica.ts";

type StoredJob = V1Job & { readonly metadata: { readonly name: string; readonly uid: string } };

/** A template with a pool of this size. */
const template = (size: number, annotations: object = {}) =>
  podTemplate({
    annotations: { "view.yolean.se/warm": String(size), "view.yolean.se/assign": "/_gate/assign", ...annotations },
  });

const start = (namespace: Namespace, size: number) =>
  Replica.start(namespace, { template: template(size), envoy: false });

async function pools({ call }: Namespace): Promise<readonly StoredJob[]> {
  const path = "apis/batch/v1/jobs?labelSelector=view.yolean.se/pool";
  return (await call("GET", path) as unknown as { readonly items: readonly StoredJob[] }).items;
}

async function readyPods(namespace: Namespace): Promise<readonly StoredPod[]> {
  return (await podsOf(namespace, "view.yolean.se/pool")).filter(({ status }) =>
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")
  );
}

/** The one pool, once it has so many ready pods. */
async function filled(namespace: Namespace, size: number): Promise<StoredJob> {
  await eventually(`${size} ready pods`, async () => (await readyPods(namespace)).length === size, 30);
  const [pool, ...more] = await pools(namespace);
  equal(more.length, 0);
  return pool!;
}

async function patch({ name, transport, signal }: Namespace, path: string, type: string, body: object): Promise<void> {
  const [, api, rest] = /^(.*\/v1)\/(.*)$/.exec(path)!;
  await transport.call({
    method: "PATCH",
    path: `/${api}/namespaces/${name}/${rest}`,
    headers: { "content-type": `application/${type}+json` },
    body: JSON.stringify(body),
  }, signal);
}

/** Sets when Kubernetes ends a Job, in seconds after its start. */
const setDeadline = (namespace: Namespace, { metadata: { name } }: StoredJob, activeDeadlineSeconds: number) =>
  patch(namespace, `apis/batch/v1/jobs/${name}`, "merge-patch", { spec: { activeDeadlineSeconds } });

async function warnings({ call }: Namespace, reason: string): Promise<readonly string[]> {
  const { items } = await call("GET", "api/v1/events") as unknown as {
    readonly items: readonly { reason: string; message: string; involvedObject: { kind: string } }[];
  };
  const about = items.filter((event) => event.reason === reason && event.involvedObject.kind === "Job");
  return about.map(({ message }) => message);
}

/** The messages of the log about pools. */
const messages = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).filter(({ logger }) => logger === "view-gateway.pool").map(({ message }) =>
    message.replaceAll('"', "")
  ).join("\n");

async function series(replica: Replica, name: string): Promise<readonly string[]> {
  const { text } = await replica.probe("/metrics");
  return text.split("\n").filter((line) => line.startsWith(`view_gateway_${name}`)).map((line) =>
    line.replace(/^[^{]*/, "")
  );
}

clusterTest("two gateways keep one pool of started pods, which belong to no view", async (namespace) => {
  await using first = await start(namespace, 3);
  await using second = await Replica.start(namespace, { envoy: false });
  const { metadata, spec } = await filled(namespace, 3);
  match(metadata.name, /^[0-9]{4}-[0-9]{2}-[0-9]{2}-warm-default-[0-9a-f]{10}-[0-9a-z]{3}$/);
  deepEqual([spec?.parallelism, spec?.activeDeadlineSeconds, spec?.ttlSecondsAfterFinished], [3, 600, 0]);
  for (const pod of await readyPods(namespace)) equal(pod.metadata.labels?.["view.yolean.se/name"], undefined);
  for (const replica of [first, second]) {
    await eventually(
      "each counts them",
      async () => (await series(replica, "pool_pods")).includes('{state="ready",template="default"} 3'),
    );
    equal((await replica.api("/_api/views")).body.includes("warm"), false);
  }
});

clusterTest(
  "a template without the annotations has no pool, and its gateway does not watch pools",
  async (namespace) => {
    await using log = await keepLog();
    await using replica = await Replica.start(namespace, { template: podTemplate(), envoy: false });
    deepEqual(await series(replica, "pool_pods"), []);
    await writeTemplates(namespace, { default: template(1) });
    await filled(namespace, 1);
    match(messages(log.lines()), /Warm pool .* is created/);
  },
);

clusterTest("a pool is refilled when a pod leaves it for a view", async (namespace) => {
  await using _replica = await start(namespace, 2);
  await filled(namespace, 2);
  const [{ metadata: { name, uid } }] = await readyPods(namespace) as [StoredPod];
  await patch(namespace, `api/v1/pods/${name}`, "json-patch", [
    ...["labels", "ownerReferences", "finalizers"].map((member) => ({ op: "remove", path: `/metadata/${member}` })),
  ]);
  await eventually("another pod is ready", async () => {
    const ready = await readyPods(namespace);
    return ready.length === 2 && ready.every(({ metadata }) => metadata.uid !== uid);
  });
  equal((await podsOf(namespace)).some(({ metadata }) => metadata.uid === uid), true);
});

clusterTest("the lease of a pool is renewed before it ends", async (namespace) => {
  await using _replica = await start(namespace, 1);
  const pool = await filled(namespace, 1);
  await setDeadline(namespace, pool, 250);
  await eventually("it is renewed", async () => {
    const [{ spec }] = await pools(namespace) as [StoredJob];
    return (spec?.activeDeadlineSeconds ?? 0) >= 600;
  });
  equal((await pools(namespace))[0]!.metadata.uid, pool.metadata.uid);
});

clusterTest("a changed template has another pool, and the former one ends by its lease", async (namespace) => {
  await using _replica = await start(namespace, 1);
  const former = await filled(namespace, 1);
  await writeTemplates(namespace, { default: template(2) });
  await eventually("there are both", async () => (await pools(namespace)).length === 2);
  await setDeadline(namespace, former, 1);
  await eventually("the former one is gone", async () => (await pools(namespace)).length === 1, 30);
  const pool = await filled(namespace, 2);
  notEqual(pool.metadata.name, former.metadata.name);
});

clusterTest("a pool that somebody deletes is made again", async (namespace) => {
  await using _replica = await start(namespace, 2);
  const { metadata: { name, uid } } = await filled(namespace, 2);
  await namespace.call("DELETE", `apis/batch/v1/jobs/${name}`, { propagationPolicy: "Background" });
  await eventually(
    "it is there again",
    async () => (await pools(namespace)).some(({ metadata }) => metadata.uid !== uid),
    30,
  );
  await eventually("with its pods", async () => {
    const [pool] = await pools(namespace);
    const ready = await readyPods(namespace);
    return ready.length === 2 &&
      ready.every(({ metadata }) => metadata.ownerReferences?.[0]?.uid === pool?.metadata.uid);
  }, 30);
});

clusterTest("a pool whose pods keep ending is stopped and told of, and the gateway stays ready", async (namespace) => {
  await using log = await keepLog();
  await using first = await start(namespace, 10);
  await using second = await Replica.start(namespace, { envoy: false });
  const pool = await filled(namespace, 10);
  const before = (await first.probe("/readyz")).text;
  const terminated = { exitCode: 1, reason: "Error", message: "no such module: duckdb\n" };
  await Promise.all(
    (await readyPods(namespace)).map(({ metadata: { name } }) =>
      patch(namespace, `api/v1/pods/${name}/status`, "merge-patch", {
        status: {
          phase: "Failed",
          conditions: [],
          containerStatuses: [{
            name: "view",
            image: "a",
            imageID: "",
            ready: false,
            restartCount: 0,
            state: { terminated },
          }],
        },
      })
    ),
  );
  await eventually("it is stopped", async () => (await pools(namespace))[0]?.spec?.parallelism === 0, 30);
  await eventually("an Event tells it", async () => (await warnings(namespace, "PoolStopped")).length > 0);
  const told = await warnings(namespace, "PoolStopped");
  equal(told.length, 1);
  match(
    told[0]!,
    /views of template default start cold.*Container view ended with exit code 1: no such module: duckdb$/,
  );
  match(
    messages(log.lines()),
    /the pods of warm pool .* keep ending: Container view ended with exit code 1: no such module/,
  );
  const problems = [...await series(first, "pool_problems_total"), ...await series(second, "pool_problems_total")];
  ok(problems.includes('{problem="stopped"} 1'), problems.join());
  equal((await pools(namespace))[0]!.metadata.uid, pool.metadata.uid);
  equal((await first.probe("/readyz")).text, before);
});

clusterTest("a quota that leaves no room for a pool is told of", async (namespace) => {
  await using log = await keepLog();
  await namespace.call("POST", "api/v1/resourcequotas", { metadata: { name: "small" }, spec: { hard: { pods: "1" } } });
  await using replica = await start(namespace, 3);
  await eventually("an Event tells it", async () => (await warnings(namespace, "PoolIncomplete")).length > 0, 30);
  match((await warnings(namespace, "PoolIncomplete"))[0]!, /lacks pods, .*: FailedCreate: .*exceeded quota: small/);
  match(messages(log.lines()), /Warm pool .* of template default lacks pods: FailedCreate: .*exceeded quota: small/);
  ok((await series(replica, "pool_problems_total")).includes('{problem="incomplete"} 1'));
  await eventually("the pod that has room is ready", async () => (await readyPods(namespace)).length === 1);
});

clusterTest("a gateway that cannot watch pools is ready, and wakes views cold", async (namespace) => {
  const forbidden = { kind: "Status", code: 403, reason: "Forbidden", message: "not you" };
  let refused = 0;
  await using proxy = await faultProxy(namespace.load(), (url, forward) => {
    if (!url.searchParams.get("labelSelector")?.includes("view.yolean.se/pool")) return forward(url);
    refused++;
    return Promise.resolve(Response.json(forbidden, { status: 403 }));
  });
  const annotations = { "view.yolean.se/spec": JSON.stringify({ subsets: [] }) };
  const labels = { "view.yolean.se/name": "hello" };
  await namespace.createService("hello", { metadata: { name: "hello", labels, annotations } });
  await using replica = await Replica.start(namespace, { template: template(1), load: proxy.load });
  await eventually("it tries to watch pools", () => Promise.resolve(refused > 2));
  equal(await replica.status("hello"), 200);
  equal((await replica.probe("/readyz")).status, 200);
  deepEqual(await pools(namespace), []);
});
