import { isEnding, isReady } from "./job_pod.ts";
import type { PodObject } from "./objects.ts";
import type { PoolJobObject, PoolObjects } from "./pool_objects.ts";

/** Milliseconds. A pool that ends while one of its pods is claimed may end the claimed pod too. */
const LEAST_LEFT = 10_000;

/** A pod that a launch may claim, and its pool. */
export interface ReadyPoolPod {
  readonly pod: PodObject;
  readonly job: PoolJobObject;
}

/** The pods of pools with this label that a launch may claim now. */
export function claimablePods({ jobs, pods }: PoolObjects, label: string, now: number): readonly ReadyPoolPod[] {
  const isOpen = (job: PoolJobObject) => job.label === label && !job.over && leaseLeft(job, now) >= LEAST_LEFT;
  const open = new Map(jobs.filter(isOpen).map((job) => [job.uid, job]));
  return pods.flatMap((pod) => {
    const job = pod.jobUid === undefined ? undefined : open.get(pod.jobUid);
    return job !== undefined && isReadyPoolPod(pod) ? [{ pod, job }] : [];
  });
}

/** Milliseconds until Kubernetes ends the pool; Infinity before it has started it. */
export function leaseLeft({ startedAt, activeDeadlineSeconds }: PoolJobObject, now: number): number {
  if (startedAt === undefined || activeDeadlineSeconds === undefined) return Infinity;
  return Date.parse(startedAt) + activeDeadlineSeconds * 1000 - now;
}

/** Whether a pool pod waits for a view. */
export function isReadyPoolPod(pod: PodObject): boolean {
  return pod.phase === "Running" && !pod.deleting && isReady(pod);
}

/** The pods of one template's pools, counted. */
export interface PoolCounts {
  readonly template: string;
  /** How many pods its present pool is to have. */
  readonly wanted: number;
  readonly ready: number;
  readonly starting: number;
  /** Pods that ended while they waited for a view. */
  readonly ended: number;
}

/** Counts the pods of all templates that have a pool, or had one whose Job is still there. */
export function poolCounts(
  wanted: readonly { readonly template: string; readonly size: number }[],
  { jobs, pods }: PoolObjects,
): readonly PoolCounts[] {
  const templates = new Set([...wanted, ...jobs].map(({ template }) => template));
  return [...templates].sort().map((template) => {
    const own = jobs.filter((job) => job.template === template);
    const uids = new Set<string | undefined>(own.map(({ uid }) => uid));
    const standing = pods.filter((pod) => uids.has(pod.jobUid) && !isEnding(pod));
    const ready = standing.filter(isReadyPoolPod).length;
    return {
      template,
      wanted: wanted.find((pool) => pool.template === template)?.size ?? 0,
      ready,
      starting: standing.length - ready,
      ended: own.reduce((sum, { ended }) => sum + ended, 0),
    };
  });
}
