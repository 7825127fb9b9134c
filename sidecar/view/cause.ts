import { lastLine } from "./last_line.ts";
import type { Condition, ContainerObject, JobObject, PodObject } from "./objects.ts";
import { BEING_DELETED, NOT_ROUTED } from "./reasons.ts";
import type { Cause, StartStep } from "./state.ts";

/** Waiting reasons of a container that makes progress; any other is a failure. */
const PROGRESS = new Set(["", "ContainerCreating", "PodInitializing"]);

/** Most characters of a cause's message. A scheduler's message grows with the number of nodes. */
const MAX_LENGTH = 1_000;

/** Causes that may pass without another attempt, which would only lose the pod's place in the queue. */
const GOES_ON = new Set(["Unschedulable", NOT_ROUTED, BEING_DELETED.Job]);

/** Causes that only a change of the Service or the template removes. */
const WAITS_FOR_A_CHANGE = new Set(["InvalidSpec", "InvalidTemplate"]);

/** Whether the view may still start without another attempt. */
export function mayStillStart({ reason }: Cause): boolean {
  return GOES_ON.has(reason);
}

/**
 * Whether only the launch shows this cause of a missing Job. The watched objects show all other causes, and when they pass.
 */
export function isOnlyFoundByLaunch(cause: Cause): boolean {
  return !mayStillStart(cause) && !needsChange(cause);
}

/** Whether only a change of the view's Service or template helps. */
export function needsChange({ reason }: Cause): boolean {
  return WAITS_FOR_A_CHANGE.has(reason);
}

/** Why a pending pod cannot start; undefined while it still may. */
export function pendingCause(pod: PodObject): Cause | undefined {
  const scheduled = pod.conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False" && scheduled.reason === "Unschedulable") return cause(scheduled);
  for (const { name, waiting } of pod.containers) {
    if (waiting !== undefined && !PROGRESS.has(waiting.reason)) {
      return cause({ reason: waiting.reason, message: waiting.message || `Container ${name} is waiting.` });
    }
  }
  return undefined;
}

/** Why a Job has failed, according to its last pod, or else to the Job's condition. */
export function failedCause(failed: Condition, last: PodObject | undefined): Cause {
  return (last && podCause(last)) ?? cause(failed);
}

/** Why a pod has failed; undefined if it succeeded or gives no reason. */
export function podCause(pod: PodObject): Cause | undefined {
  if (pod.reason !== undefined) return cause({ reason: pod.reason, message: pod.message ?? "" });
  const crashed = crashedIn(pod);
  return crashed === undefined ? undefined : crash(crashed);
}

/** What the container logged last that crashed, or else the last one that ended; empty if Kubernetes does not have it. */
export function podLog(pod: PodObject): string {
  const ended = crashedIn(pod) ?? pod.containers.findLast(({ terminated }) => terminated !== undefined);
  return ended?.terminated?.message ?? "";
}

function crashedIn({ containers }: PodObject): ContainerObject | undefined {
  return containers.find(({ terminated }) => terminated !== undefined && terminated.exitCode !== 0);
}

/** The cause of a Job that reached its deadline before it served. */
export function deadlineCause({ activeDeadlineSeconds }: JobObject, step: StartStep): Cause {
  const seconds = activeDeadlineSeconds === undefined ? "" : ` of ${activeDeadlineSeconds} s`;
  return {
    reason: "DeadlineExceeded",
    message: `It did not serve before its deadline${seconds}; its last step: ${step}.`,
  };
}

/** The cause of a pod that succeeded and never served. */
export function endedCause({ containers }: PodObject): Cause {
  const name = containers.at(-1)?.name;
  return {
    reason: "Completed",
    message: `${name ? `Container ${name}` : "It"} ended with exit code 0 and never served.`,
  };
}

/** Why the Job controller cannot create a pod, such as a quota or an admission webhook. */
export function failedCreateCause(message: string): Cause {
  return cause({ reason: "FailedCreate", message });
}

/** Whether two creations met at the count of a ResourceQuota. The Job controller tries again. */
export function isQuotaConflict(message: string): boolean {
  return message.includes("Operation cannot be fulfilled on resourcequotas");
}

/** The cause of a pod that the view's Service does not match, while it would match a new pod. */
export function unreachableCause({ name }: PodObject, { message }: Cause): Cause {
  return cause({
    reason: "Unreachable",
    message:
      `Pod ${name} is older than a change of the Service or the template; the next request starts a new one. ${message}`,
  });
}

function crash({ name, terminated }: ContainerObject): Cause | undefined {
  if (terminated === undefined) return undefined;
  const { reason, message, exitCode } = terminated;
  const memory = reason === "OOMKilled" ? ", because it exceeded its memory limit" : "";
  const line = lastLine(message);
  return {
    reason: reason || "Error",
    message: `Container ${name} ended with exit code ${exitCode}${memory}${line === "" ? "." : `: ${line}`}`,
  };
}

function cause({ reason, message }: Cause): Cause {
  return { reason, message: message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH)}…` : message };
}
