import { deadlineCause, endedCause, failedCause, needsChange } from "./cause.ts";
import { podOf } from "./job_pod.ts";
import type { Condition, JobObject, PodObject } from "./objects.ts";
import type { Cause, ViewPhase } from "./state.ts";

/**
 * The condition by which a Job has ended or is ending: `FailureTarget` and `SuccessCriteriaMet` come first, the final ones
 * once its pods are gone.
 */
export function endOf(job: JobObject): Condition | undefined {
  const is = (type: string) =>
    job.conditions.find((condition) => condition.type === type && condition.status === "True");
  const complete = is("Complete") ?? is("SuccessCriteriaMet");
  return complete ? { ...complete, type: "Complete" } : is("Failed") ?? is("FailureTarget");
}

/**
 * Why a Job has ended that was not seen to serve; undefined if its view just fell asleep. A Job that completed, or reached
 * its deadline, may have served before this gateway watched: it has failed only if it was seen not to serve.
 */
export function endCause(
  job: JobObject,
  end: Condition,
  pods: readonly PodObject[],
  previous: ViewPhase | undefined,
): Cause | undefined {
  const overdue = end.reason === "DeadlineExceeded";
  const pod = podOf(job, pods);
  if (end.type !== "Complete" && !overdue) return failedCause(end, pod);
  if (previous?.kind === "failed" && previous.job === job.uid) {
    return needsChange(previous.cause) ? undefined : previous.cause;
  }
  if (previous?.kind !== "starting" || previous.job !== job.uid) return undefined;
  if (overdue) return deadlineCause(job, previous.step);
  // The pod of a completed Job stays, unless it was deleted. The Job controller deletes it when the deadline passes, before it
  // sets a condition; if the deadline is extended just then, the Job completes.
  return pod === undefined || pod.deleting ? undefined : endedCause(pod);
}

/**
 * Whether a Job is no longer needed: it has ended, was seen to serve, and has no crashed pod with a log. A Job that was not
 * seen to serve may be a failed start that another gateway has seen.
 */
export function isSpent(job: JobObject, pods: readonly PodObject[], served: string | undefined): boolean {
  const over = job.conditions.some(({ type, status }) => /^(Complete|Failed)$/.test(type) && status === "True");
  return over && served === job.uid && pods.every(({ jobUid, phase }) => jobUid !== job.uid || phase === "Succeeded");
}

/** When a Job failed: the time of its condition, or else of its pod's last condition. */
export function failureTime(job: JobObject, pods: readonly PodObject[]): string | undefined {
  const pod = podOf(job, pods);
  return endOf(job)?.at ?? pod?.conditions.map(({ at }) => at).toSorted().at(-1);
}
