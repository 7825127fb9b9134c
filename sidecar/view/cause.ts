import type { Condition, ContainerObject, JobObject, PodObject } from "./objects.ts";
import type { Cause } from "./state.ts";

/** What a container waits for when it makes progress; any other reason for waiting is a failure. */
const PROGRESS = new Set(["", "ContainerCreating", "PodInitializing"]);

/** Why a pod that has not ended cannot start; undefined while it still may. */
export function pendingCause(pod: PodObject): Cause | undefined {
  const scheduled = pod.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") {
    return { reason: scheduled.reason, message: scheduled.message };
  }
  for (const { name, waiting } of pod.containers) {
    if (waiting !== undefined && !PROGRESS.has(waiting.reason)) {
      return { reason: waiting.reason, message: waiting.message || `Container ${name} is waiting.` };
    }
  }
  return undefined;
}

/** Why a Job has failed: as its last pod tells it, else as the Job's own condition does. */
export function failedCause(job: JobObject, failed: Condition, pods: readonly PodObject[]): Cause {
  const last = pods.findLast(({ jobUid }) => jobUid === job.uid);
  return (last && podCause(last)) ?? { reason: failed.reason, message: failed.message };
}

function podCause(pod: PodObject): Cause | undefined {
  if (pod.reason !== undefined) return { reason: pod.reason, message: pod.message ?? "" };
  const crashed = pod.containers.find(({ terminated }) => terminated !== undefined && terminated.exitCode !== 0);
  return crashed === undefined ? undefined : crash(crashed);
}

function crash({ name, terminated }: ContainerObject): Cause | undefined {
  if (terminated === undefined) return undefined;
  const { reason, message, exitCode } = terminated;
  return {
    reason: reason || "Error",
    message: `Container ${name} ended with exit code ${exitCode}${message === "" ? "." : `: ${message}`}`,
  };
}
