import { deepEqual, equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { renderKustomization } from "../scripts/deploy/kustomize.ts";
import { systemTime } from "../sidecar/async/time.ts";
import { clusterTest, type Namespace } from "../sidecar/kubernetes/testing/namespace.ts";
import { podsOf } from "../sidecar/kubernetes/testing/pool.ts";
import { PodWrites } from "../sidecar/kubernetes/write/pod_writes.ts";
import { eventually } from "../sidecar/testing/eventually.ts";
import { withClaimGate } from "../sidecar/view/claim.ts";
import { enforceRestricted } from "./components/admission-policy/testing/pod_security.ts";
import { podIn, warmPoolJob } from "./components/admission-policy/testing/standing_pods.ts";
import { viewJob } from "./components/admission-policy/testing/view_objects.ts";

/** The namespace of views as gateway/views makes it, with a quota besides. */
async function bounded(views: Namespace, quota: Readonly<Record<string, string>>): Promise<void> {
  await enforceRestricted(views);
  for (
    const { kind, metadata: { name }, spec } of await renderKustomization(
      fileURLToPath(new URL("views", import.meta.url)),
    )
  ) {
    if (kind !== "LimitRange" && kind !== "ResourceQuota") continue;
    await views.call("POST", `api/v1/${kind.toLowerCase()}s`, { metadata: { name }, spec });
  }
  await views.call("POST", "api/v1/resourcequotas", { metadata: { name: "own" }, spec: { hard: quota } });
  await eventually("the quota counts", async () => {
    const { status } = await views.call("GET", "api/v1/resourcequotas/own") as {
      readonly status?: { readonly used?: object };
    };
    return status?.used !== undefined;
  });
}

/** Keeps a pool of two pods, and claims one for a view. */
async function claimOne(views: Namespace) {
  const pool = warmPoolJob(undefined, 2);
  const { metadata: { uid } } = await views.call("POST", "apis/batch/v1/jobs", pool);
  const name = pool.metadata!.name!;
  const ofPool = () => podsOf(views, `view.yolean.se/pool=${pool.metadata!.labels!["view.yolean.se/pool"]}`);
  const running = async () => (await ofPool()).filter(({ status }) => status?.phase === "Running").length;
  await eventually("the pool is full", async () => await running() === 2, 30);
  const warm = await podIn(views, name, "Running");
  const job = withClaimGate(viewJob({ serviceUid: await views.createService("hello") }));
  const made = await views.call("POST", "apis/batch/v1/jobs", job);
  const claim = async () =>
    await new PodWrites(views.transport, views.name, systemTime).claim({
      pod: { ...warm, job: { name, uid } },
      job: { name: "hello", uid: made.metadata.uid },
      labels: job.spec!.template.metadata!.labels!,
    }, views.signal);
  const ofView = async () => (await podsOf(views, "view.yolean.se/name=hello")).map(({ metadata }) => metadata.uid);
  return { claim, warm, pool: name, running, ofView };
}

clusterTest("the bounds of the views' namespace let a pool, a placeholder and a refill pass", async (views) => {
  // The pool's, one that is claimed, and its placeholder.
  await bounded(views, { pods: "4" });
  const { claim, warm, running, ofView } = await claimOne(views);
  await podIn(views, "hello", "Pending");
  deepEqual(await claim(), { kind: "claimed" });
  await eventually("the view has the claimed pod alone", async () => String(await ofView()) === warm.uid, 30);
  await eventually("the pool is full again", async () => await running() === 2, 30);
});

clusterTest("a claim needs no room in a quota, a refill does", async (views) => {
  await bounded(views, { pods: "2" });
  const { claim, warm, pool, running, ofView } = await claimOne(views);
  const refused = async (job: string) => {
    const fields = encodeURIComponent(`involvedObject.kind=Job,involvedObject.name=${job},reason=FailedCreate`);
    const { items } = await views.call("GET", `api/v1/events?fieldSelector=${fields}`) as unknown as {
      readonly items: readonly { readonly message: string }[];
    };
    return items.some(({ message }) => message.includes("exceeded quota: own"));
  };
  await eventually("there is no room for a placeholder", () => refused("hello"), 30);
  deepEqual(await claim(), { kind: "claimed" });
  await eventually("there is no room for a refill", () => refused(pool), 30);
  deepEqual(await ofView(), [warm.uid]);
  equal(await running(), 1);
});
