import { deepEqual, equal } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { systemTime } from "../../async/time.ts";
import { JobWrites } from "./job_writes.ts";
import { eventually } from "../../testing/eventually.ts";
import { clusterTest, type Namespace } from "../testing/namespace.ts";

const job = (name: string, activeDeadlineSeconds = 100): V1Job => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: {
    activeDeadlineSeconds,
    template: { spec: { restartPolicy: "Never", containers: [{ name: "view", image: "example.test/view:1" }] } },
  },
});

async function start(namespace: Namespace) {
  const jobs = new JobWrites(namespace.transport, namespace.name, systemTime);
  const created = await jobs.create(job("hello"), namespace.signal);
  return { jobs, uid: created.kind === "created" ? created.uid : "", signal: namespace.signal };
}

clusterTest("of two creations one creates the Job", async (namespace) => {
  const jobs = new JobWrites(namespace.transport, namespace.name, systemTime);
  const kinds = await Promise.all([1, 2].map(async () => (await jobs.create(job("hello"), namespace.signal)).kind));
  deepEqual(kinds.sort(), ["created", "exists"]);
});

clusterTest(
  "a Job is deleted only if its UID matches; otherwise nothing happens",
  async (namespace) => {
    const { jobs, uid, signal } = await start(namespace);
    await jobs.delete("hello", "another", signal);
    equal((await jobs.get("hello", signal))?.uid, uid);
    await jobs.delete("hello", uid, signal);
    await jobs.delete("hello", uid, signal);
    const left = await jobs.get("hello", signal);
    equal(left === undefined || left.deleting, true);
  },
);

clusterTest("a Job with this UID ends after its pods: until they are gone, it is being deleted", async (namespace) => {
  const { jobs, uid, signal } = await start(namespace);
  const pods = async () =>
    (await namespace.call("GET", "api/v1/pods") as unknown as { items: { metadata: { name: string } }[] }).items;
  await eventually("the Job has a pod", async () => (await pods()).length === 1);
  const [pod] = await pods();
  const keep = (finalizers: readonly string[] | null) =>
    namespace.transport.call({
      method: "PATCH",
      path: `/api/v1/namespaces/${namespace.name}/pods/${pod!.metadata.name}`,
      headers: { "content-type": "application/merge-patch+json" },
      body: JSON.stringify({ metadata: { finalizers } }),
    }, signal);
  await keep(["example.test/busy"]);
  deepEqual(await jobs.end("hello", "another", signal), { kind: "gone" });
  deepEqual(await jobs.end("hello", uid, signal), { kind: "ended" });
  deepEqual(await jobs.end("hello", uid, signal), { kind: "ended" });
  const { deleting, blockingFinalizers } = (await jobs.get("hello", signal))!;
  deepEqual([deleting, blockingFinalizers], [true, []]);
  await keep(null);
  await eventually("the Job is gone", async () => await jobs.get("hello", signal) === undefined, 30);
  deepEqual(await jobs.end("hello", uid, signal), { kind: "gone" });
});

clusterTest("a lease is renewed from the expected value, and lost if it has another", async (namespace) => {
  const { jobs, uid, signal } = await start(namespace);
  const renew = async (change: object) =>
    (await jobs.renew("hello", { uid, from: 100, to: 400, ...change }, signal)).kind;
  const kinds = await Promise.all([renew({ to: 200 }), renew({ to: 300 })]);
  deepEqual(kinds.sort(), ["lost", "renewed"]);
  equal(await renew({ uid: "another" }), "lost");
  equal(await renew({}), "lost", "it is 200 or 300 by now");
});

clusterTest("a rejected Job is refused with Kubernetes' words", async (namespace) => {
  const { jobs, signal } = await start(namespace);
  const refused = await jobs.create(job("other", -1), signal);
  deepEqual(refused.kind === "refused" && [refused.cause.reason, /activeDeadlineSeconds/.test(refused.cause.message)], [
    "Invalid",
    true,
  ]);
});

clusterTest("a Job with this UID gets no more pods when it is stopped", async (namespace) => {
  const { jobs, uid, signal } = await start(namespace);
  const parallelism = async () =>
    (await namespace.call("GET", "apis/batch/v1/jobs/hello") as unknown as V1Job).spec?.parallelism;
  deepEqual(await jobs.stopPods("hello", "another", signal), { kind: "lost" });
  equal(await parallelism(), 1);
  deepEqual(await jobs.stopPods("hello", uid, signal), { kind: "renewed" });
  equal(await parallelism(), 0);
});
