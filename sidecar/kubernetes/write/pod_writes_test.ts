import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { systemTime } from "../../async/time.ts";
import { eventually } from "../../testing/eventually.ts";
import { CLAIM_GATE, type PoolPod, withClaimGate } from "../../view/claim.ts";
import { KubernetesError } from "../kubernetes_error.ts";
import { clusterTest, type Namespace } from "../testing/namespace.ts";
import { podsOf, startPool, type StoredPod, storeJob } from "../testing/pool.ts";
import { PodWrites } from "./pod_writes.ts";

const labels = { "view.yolean.se/name": "hello", app: "page" };

const viewJob: V1Job = withClaimGate({
  metadata: { name: "hello", labels },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { labels },
      spec: { restartPolicy: "Never", containers: [{ name: "view", image: "example.test/view:1" }] },
    },
  },
});

/** A pool, the gated Job of the view `hello`, and what claims and reads. */
async function start(namespace: Namespace, size = 1, annotations: Readonly<Record<string, string>> = {}) {
  const pods = new PodWrites(namespace.transport, namespace.name, systemTime);
  const pool = await startPool(namespace, size, annotations);
  const uid = await storeJob(namespace, viewJob);
  const named = async (name: string) => (await namespace.call("GET", `api/v1/pods/${name}`)) as unknown as StoredPod;
  return {
    pods,
    pool,
    first: pool[0]!,
    job: { name: "hello", uid },
    named,
    claim: async (pod: PoolPod) =>
      (await pods.claim({ pod, job: { name: "hello", uid }, labels }, namespace.signal)).kind,
    placeholder: async () => {
      let found: StoredPod | undefined;
      await eventually("a placeholder", async () => {
        found = (await podsOf(namespace, `batch.kubernetes.io/job-name=hello`)).find(({ spec }) =>
          spec?.schedulingGates?.length
        );
        return found !== undefined;
      });
      return { name: found!.metadata.name, uid: found!.metadata.uid ?? "" };
    },
  };
}

clusterTest("a claim moves a pool pod to the view's Job in one write", async (namespace) => {
  await namespace.createService("hello");
  const { claim, first, job, named } = await start(namespace);
  const before = await named(first.name);
  equal(await claim(first), "claimed");
  const { metadata, spec, status } = await named(first.name);
  deepEqual(metadata.labels, {
    ...labels,
    "batch.kubernetes.io/controller-uid": job.uid,
    "batch.kubernetes.io/job-name": "hello",
    "controller-uid": job.uid,
    "job-name": "hello",
  });
  deepEqual(metadata.ownerReferences, [
    { apiVersion: "batch/v1", kind: "Job", name: "hello", uid: job.uid, controller: true, blockOwnerDeletion: true },
  ]);
  deepEqual(metadata.finalizers, ["batch.kubernetes.io/job-tracking"]);
  deepEqual(metadata.annotations, { ...before.metadata.annotations, "view.yolean.se/claimed-from": "warm" });
  deepEqual([spec, status?.podIP], [before.spec, before.status?.podIP]);

  await eventually("the Job counts it, and deletes its placeholder", async () => {
    const pods = await podsOf(namespace, "batch.kubernetes.io/job-name=hello");
    return pods.length === 1 && pods[0]?.metadata.uid === first.uid;
  });
  await eventually("the pool has another one", async () => {
    const pods = await podsOf(namespace, "view.yolean.se/pool=warm");
    return pods.length === 1 && pods[0]?.metadata.uid !== first.uid;
  });
  await eventually("the view's Service finds it", async () => {
    const slices = await namespace.call("GET", "apis/discovery.k8s.io/v1/endpointslices") as unknown as {
      readonly items: readonly { readonly endpoints?: readonly { readonly targetRef?: { readonly uid: string } }[] }[];
    };
    return slices.items.some(({ endpoints }) => endpoints?.some(({ targetRef }) => targetRef?.uid === first.uid));
  });
});

clusterTest("a claimed pod survives its pool, and ends with the view", async (namespace) => {
  const { claim, first, named, job } = await start(namespace, 2);
  equal(await claim(first), "claimed");
  await namespace.call("DELETE", `apis/batch/v1/jobs/${first.job.name}?propagationPolicy=Background`);
  await eventually(
    "the pool's pods are gone",
    async () => (await podsOf(namespace, "view.yolean.se/pool")).length === 0,
  );
  const { metadata, status } = await named(first.name);
  deepEqual([metadata.deletionTimestamp, status?.phase], [undefined, "Running"]);
  await namespace.call("DELETE", `apis/batch/v1/jobs/${job.name}?propagationPolicy=Background`);
  await eventually("the view's pod is gone", async () => (await podsOf(namespace)).length === 0);
});

clusterTest("a pod of another UID, of another Job, or without a trace is lost", async (namespace) => {
  const { claim, first, named } = await start(namespace);
  equal(await claim({ ...first, uid: "another" }), "lost");
  equal(await claim({ ...first, job: { name: "warm", uid: "another" } }), "lost");
  equal(await claim({ ...first, name: "none" }), "lost");
  equal((await named(first.name)).metadata.labels?.["view.yolean.se/pool"], "warm");
  equal(await claim(first), "claimed");
});

clusterTest("a claim that Kubernetes refuses is not lost: no other pod helps", async (namespace) => {
  const { pods, first, job } = await start(namespace);
  const refused = await pods.claim({ pod: first, job, labels: { app: "no label" } }, namespace.signal);
  equal(refused.kind, "refused");
  match(refused.kind === "refused" ? refused.cause.message : "", /a valid label must/);
});

clusterTest("a pod that is being deleted is lost, though it still runs", async (namespace) => {
  const { claim, first, named } = await start(namespace, 1, { "kwok/failed-after": "24h" });
  await namespace.call("DELETE", `api/v1/pods/${first.name}?gracePeriodSeconds=600`);
  const { metadata, status } = await named(first.name);
  ok(metadata.deletionTimestamp !== undefined && status?.phase === "Running");
  equal(await claim(first), "lost");
});

clusterTest("a pod that has ended is lost", async (namespace) => {
  const { claim, first } = await start(namespace);
  await patchStatus(namespace, first.name, { phase: "Failed" });
  equal(await claim(first), "lost");
});

clusterTest("of two claimants of a pod exactly one wins, each time", async (namespace) => {
  const { pool, claim, pods, named } = await start(namespace, 20);
  const other = await storeJob(namespace, {
    ...viewJob,
    metadata: { name: "other", labels: { "view.yolean.se/name": "other" } },
  });
  const otherClaim = async (pod: PoolPod) =>
    (await pods.claim({ pod, job: { name: "other", uid: other }, labels: { x: "y" } }, namespace.signal)).kind;
  for (const pod of pool) {
    const [a, b] = await Promise.all([claim(pod), otherClaim(pod)]);
    deepEqual([a, b].toSorted(), ["claimed", "lost"]);
    const { metadata } = await named(pod.name);
    equal(metadata.ownerReferences?.[0]?.name, a === "claimed" ? "hello" : "other");
    equal(metadata.labels?.["x"], a === "claimed" ? undefined : "y");
  }
});

clusterTest("a claim never loses to a write of the kubelet or the Job controller", async (namespace) => {
  const { pool, claim } = await start(namespace, 20);
  const lost: string[] = [];
  for (const pod of pool) {
    const writes = Array.from(
      { length: 5 },
      (_, write) => patchStatus(namespace, pod.name, { message: `write ${write}` }),
    );
    const [kind] = await Promise.all([claim(pod), ...writes]);
    if (kind !== "claimed") lost.push(kind);
  }
  deepEqual(lost, []);
});

clusterTest("a claim whose answer is lost is the claimant's, and not tried at another pod", async (namespace) => {
  const { first, job, named } = await start(namespace);
  let calls = 0;
  const transport = {
    call: async (...call: Parameters<Namespace["transport"]["call"]>) => {
      const answer = await namespace.transport.call(...call);
      if (++calls === 1) throw new KubernetesError("Unreachable", "The connection broke.");
      return answer;
    },
  };
  const pods = new PodWrites(transport, namespace.name, systemTime);
  deepEqual(await pods.claim({ pod: first, job, labels }, namespace.signal), { kind: "claimed" });
  equal((await named(first.name)).metadata.ownerReferences?.[0]?.uid, job.uid);
});

clusterTest("a placeholder waits until it is released", async (namespace) => {
  const { pods, placeholder, named } = await start(namespace);
  const waiting = await placeholder();
  equal((await named(waiting.name)).spec?.nodeName, undefined);
  equal((await pods.release({ ...waiting, uid: "another" }, namespace.signal)).kind, "lost");
  deepEqual((await named(waiting.name)).spec?.schedulingGates, [{ name: CLAIM_GATE }]);
  equal((await pods.release(waiting, namespace.signal)).kind, "patched");
  equal((await pods.release(waiting, namespace.signal)).kind, "patched");
  await eventually("it is scheduled", async () => (await named(waiting.name)).spec?.nodeName !== undefined);
  equal((await pods.release({ ...waiting, name: "none" }, namespace.signal)).kind, "lost");
});

clusterTest("a release leaves the gates of others", async (namespace) => {
  const pods = new PodWrites(namespace.transport, namespace.name, systemTime);
  const { metadata } = await namespace.call("POST", "api/v1/pods", {
    metadata: { name: "gated" },
    spec: {
      schedulingGates: [{ name: "example.test/first" }, { name: CLAIM_GATE }, { name: "example.test/last" }],
      containers: [{ name: "view", image: "example.test/view:1" }],
    },
  });
  equal((await pods.release({ name: "gated", uid: metadata.uid }, namespace.signal)).kind, "patched");
  const { spec } = await namespace.call("GET", "api/v1/pods/gated") as unknown as StoredPod;
  deepEqual(spec?.schedulingGates, [{ name: "example.test/first" }, { name: "example.test/last" }]);
});

clusterTest("notes are written into a pod's annotations, each for itself", async (namespace) => {
  const { pods, first, named } = await start(namespace);
  const annotations = async () => (await named(first.name)).metadata.annotations ?? {};
  const before = await annotations();
  equal((await pods.annotate({ ...first, uid: "another" }, { assigned: "x" }, namespace.signal)).kind, "lost");
  equal((await pods.annotate(first, { assigned: "service-1" }, namespace.signal)).kind, "patched");
  equal((await pods.annotate(first, { credentialsEnd: "2026-01-01T00:00:00Z" }, namespace.signal)).kind, "patched");
  deepEqual(await annotations(), {
    ...before,
    "view.yolean.se/assigned": "service-1",
    "view.yolean.se/credentials-end": "2026-01-01T00:00:00Z",
  });
});

clusterTest("a write throws its signal's reason, and says why Kubernetes refuses it", async (namespace) => {
  const { pods, first, job } = await start(namespace);
  await rejects(pods.claim({ pod: first, job, labels }, AbortSignal.abort(new Error("stopped"))), /stopped/);
  const forbidden = {
    call: () => Promise.reject(new KubernetesError("Forbidden", "pods is forbidden", { reason: "Forbidden" })),
  };
  deepEqual(
    await new PodWrites(forbidden, namespace.name, systemTime).claim({ pod: first, job, labels }, namespace.signal),
    { kind: "refused", cause: { reason: "Forbidden", message: "pods is forbidden" } },
  );
});

async function patchStatus({ transport, name: namespace, signal }: Namespace, name: string, status: object) {
  await transport.call({
    method: "PATCH",
    path: `/api/v1/namespaces/${namespace}/pods/${name}/status`,
    headers: { "content-type": "application/merge-patch+json" },
    body: JSON.stringify({ status }),
  }, signal);
}
