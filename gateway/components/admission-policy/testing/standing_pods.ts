/** Pods in the views' namespace, as Kubernetes' own Job controller makes them of Jobs that the sidecar's own functions made. */
import { withClaimGate } from "../../../../sidecar/view/claim.ts";
import { poolJobAt, poolOf } from "../../../../sidecar/view/pool_job.ts";
import type { Namespace } from "../../../../sidecar/kubernetes/testing/namespace.ts";
import { podsOf, type StoredPod } from "../../../../sidecar/kubernetes/testing/pool.ts";
import { eventually } from "../../../../sidecar/testing/eventually.ts";
import { jobIn } from "../../../../sidecar/view/testing/job_in.ts";
import { type JobOfView, lakeOfPods, templateTexts, viewJob } from "./view_objects.ts";

/** The Job of a warm pool, for a lake. */
export function warmPoolJob(template = templateTexts[0].text, size = 1): JobOfView {
  const warm = { size, path: "/_gate/assign" };
  const pool = poolOf("default", { job: jobIn(template), warm }, { required: {}, lake: lakeOfPods });
  return structuredClone(poolJobAt(pool!, Date.now()));
}

/** A Job that the API server has stored. */
export interface StoredJob {
  readonly name: string;
  readonly uid: string;
}

export interface StandingPods {
  /** A pod of a warm pool, and the pool's Job. */
  readonly warm: StoredPod;
  readonly pool: StoredJob;
  /** The pod of the view `running`. */
  readonly running: StoredPod;
  /** The pod of the view `gated`, which waits for a claim, and for somebody else's gate. */
  readonly gated: StoredPod;
  /** The Job of the view `gated`. */
  readonly job: StoredJob;
  /** Somebody's pods, one of them with the label of a pool. */
  readonly theirs: StoredPod;
  readonly likePool: StoredPod;
}

/** Starts them as an administrator. */
export async function standingPods(namespace: Namespace): Promise<StandingPods> {
  const start = async (job: JobOfView): Promise<StoredJob> => {
    const { metadata: { uid } } = await namespace.call("POST", "apis/batch/v1/jobs", job);
    return { name: job.metadata!.name!, uid };
  };
  const podOf = async ({ name }: StoredJob, phase: "Pending" | "Running"): Promise<StoredPod> => {
    const pod = await podIn(namespace, name, phase);
    return await namespace.call("GET", `api/v1/pods/${pod.name}`) as unknown as StoredPod;
  };
  const containers = [{ name: "main", image: "example.test/theirs:1" }];
  const own = async (name: string, labels: Record<string, string>) => {
    const template = { metadata: { labels }, spec: { restartPolicy: "Never", containers } };
    return await podOf(await start({ metadata: { name }, spec: { template } }), "Running");
  };
  const owned = async (name: string) => viewJob({ name, serviceUid: await namespace.createService(name) });
  const placeholder = withClaimGate(await owned("gated"));
  placeholder.spec!.template.spec!.schedulingGates!.push({ name: "example.test/theirs" });
  const [pool, view, job] = [
    await start(warmPoolJob()),
    await start(await owned("running")),
    await start(placeholder),
  ];
  return {
    pool,
    job,
    warm: await podOf(pool, "Running"),
    running: await podOf(view, "Running"),
    gated: await podOf(job, "Pending"),
    theirs: await own("their-job", { color: "blue" }),
    likePool: await own("like-pool", { "view.yolean.se/pool": "default-0123456789" }),
  };
}

/** The pod of a Job, once it has this phase. */
export async function podIn(namespace: Namespace, job: string, phase: "Pending" | "Running") {
  let pod: StoredPod | undefined;
  await eventually(`the pod of the Job ${job} is ${phase}`, async () => {
    [pod] = await podsOf(namespace, `batch.kubernetes.io/job-name=${job}`);
    return pod?.status?.phase === phase;
  }, 30);
  const { name, uid } = pod!.metadata;
  return { name, uid: uid! };
}
