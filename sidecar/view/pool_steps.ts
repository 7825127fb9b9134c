import { failedCreateCause, isQuotaConflict, pendingCause, podCause } from "./cause.ts";
import { isEnding, isOver } from "./job_pod.ts";
import type { PodObject } from "./objects.ts";
import { POOL_LEASE, poolJobName, poolJobPrefix, type WarmPool } from "./pool_job.ts";
import type { PoolJobObject, PoolObjects } from "./pool_objects.ts";
import { isReadyPoolPod, leaseLeft } from "./pool_pods.ts";
import type { Cause } from "./reasons.ts";
import { ASSIGN_ANNOTATION, WARM_ANNOTATION } from "./warm.ts";
import type { Warning } from "./warning.ts";

/** One write that brings Kubernetes nearer to the wanted pools. */
export type PoolStep =
  | { readonly kind: "create"; readonly pool: WarmPool; readonly name: string }
  | { readonly kind: "renew"; readonly job: PoolJobObject; readonly from: number; readonly to: number }
  /** Its pods keep ending: it gets no more of them, and ends by its lease. */
  | { readonly kind: "stop"; readonly job: PoolJobObject };

/** A pool that does not come to its pods. */
export interface PoolTrouble {
  readonly job: PoolJobObject;
  /** Whether Kubernetes starts no more of its pods, as they keep ending. */
  readonly stopped: boolean;
  readonly cause: Cause;
}

/**
 * Pods that have ended by themselves before a pool without a ready one is told of, and before it counts as broken. Kubernetes
 * pauses longer after each, so a small pool takes most of an hour to come from the first to the second.
 */
const SOME_ENDED = 3;
const TOO_MANY_ENDED = 10;

/**
 * The writes that are due. Nothing is deleted: a pool that nobody wants any more, such as yesterday's or that of a former
 * template, ends by its lease.
 * @param now milliseconds since the epoch
 */
export function poolSteps(wanted: readonly WarmPool[], objects: PoolObjects, now: number): readonly PoolStep[] {
  return wanted.flatMap((pool): PoolStep[] => {
    const job = presentJob(pool, objects, now);
    if (job === undefined) return [{ kind: "create", pool, name: poolJobName(pool, now) }];
    if (job.parallelism === 0) return [];
    if (isBroken(job, objects)) return [{ kind: "stop", job }];
    const { startedAt, activeDeadlineSeconds: from } = job;
    if (startedAt === undefined || from === undefined) return [];
    if (leaseLeft(job, now) >= POOL_LEASE * 500) return [];
    const to = Math.ceil((now - Date.parse(startedAt)) / 1000) + POOL_LEASE;
    return [{ kind: "renew", job, from, to }];
  });
}

const BY_HAND: Cause = {
  reason: "Stopped",
  message: "Somebody has set the parallelism of its Job to 0. A new pool is made when this one's lease has ended.",
};

/** The pools that lack pods for a cause that somebody can remove. */
export function poolTroubles(wanted: readonly WarmPool[], objects: PoolObjects, now: number): readonly PoolTrouble[] {
  return wanted.flatMap((pool) => presentJob(pool, objects, now) ?? []).flatMap((job) => {
    const byHand = job.parallelism === 0 && endedPods(job, objects).length < TOO_MANY_ENDED;
    const stopped = !byHand && (job.parallelism === 0 || isBroken(job, objects));
    const cause = byHand ? BY_HAND : stopped ? endingCause(job, objects) : missingCause(job, objects);
    return cause === undefined ? [] : [{ job, stopped, cause }];
  });
}

/** The Event about a pool that lacks pods. */
export function poolWarning({ job, stopped, cause }: PoolTrouble): Warning {
  const message = stopped
    ? `The pods of this warm pool keep ending, so the gateway stops it, and views of template ${job.template} start cold. ` +
      `Mend the image or the template, or remove the annotations ${WARM_ANNOTATION} and ${ASSIGN_ANNOTATION}. ` +
      `A new pool is tried when the lease of this one ends. The last cause: ${cause.message}`
    : `This warm pool lacks pods, so views of template ${job.template} may start cold: ${cause.reason}: ${cause.message}`;
  return { reason: stopped ? "PoolStopped" : "PoolIncomplete", message, once: cause.reason };
}

/** The pool's Job of this day. If two gateways have each created one, the earlier one counts, and the other ends by its lease. */
function presentJob(pool: WarmPool, { jobs }: PoolObjects, now: number): PoolJobObject | undefined {
  const prefix = poolJobPrefix(pool, now);
  const present = jobs.filter(({ name, label, over }) => label === pool.label && name.startsWith(prefix) && !over);
  return present.toSorted((a, b) => a.name < b.name ? -1 : 1)[0];
}

function isBroken(job: PoolJobObject, objects: PoolObjects): boolean {
  return endedPods(job, objects).length >= TOO_MANY_ENDED && !hasReadyPod(job, objects);
}

/**
 * The pods that have ended by themselves, by age. Kubernetes keeps them as long as their Job. Those that somebody deletes, such
 * as on a node that is drained, are soon gone.
 */
function endedPods({ uid }: PoolJobObject, { pods }: PoolObjects): readonly PodObject[] {
  const ended = pods.filter((pod) => pod.jobUid === uid && isOver(pod) && !pod.deleting);
  return ended.toSorted((a, b) => a.createdAt < b.createdAt ? -1 : 1);
}

function hasReadyPod(job: PoolJobObject, { pods }: PoolObjects): boolean {
  return pods.some((pod) => pod.jobUid === job.uid && isReadyPoolPod(pod));
}

/** Why the pods of a pool end: the cause of the last one that gives a reason. */
function endingCause(job: PoolJobObject, objects: PoolObjects): Cause {
  const causes = endedPods(job, objects).flatMap((pod) => podCause(pod) ?? []);
  return causes.at(-1) ??
    {
      reason: "Completed",
      message: "They end with exit code 0. Without VIEW_NAME, the image has to wait for its assignment.",
    };
}

/** Why a pool has fewer pods than it should, or one that cannot start. */
function missingCause(job: PoolJobObject, objects: PoolObjects): Cause | undefined {
  const { pods, failedCreates } = objects;
  const own = pods.filter(({ jobUid }) => jobUid === job.uid);
  const standing = own.filter((pod) => !isEnding(pod));
  const refusal = failedCreates.findLast(({ jobUid, message }) => jobUid === job.uid && !isQuotaConflict(message));
  // A pod that was created since then shows that it has passed.
  const passed = own.some(({ createdAt }) => refusal !== undefined && Date.parse(createdAt) > Date.parse(refusal.at));
  if (refusal !== undefined && !passed && standing.length < job.parallelism) return failedCreateCause(refusal.message);
  const pending = standing.filter(({ phase }) => phase === "Pending").flatMap((pod) => pendingCause(pod) ?? [])[0];
  if (pending !== undefined) return pending;
  return endedPods(job, objects).length >= SOME_ENDED && !hasReadyPod(job, objects)
    ? endingCause(job, objects)
    : undefined;
}
