import { lastLine } from "./last_line.ts";
import type { Condition, ContainerObject, JobObject, PodObject } from "./objects.ts";
import { BEING_DELETED, NOT_ROUTED } from "./reasons.ts";
import type { Cause, StartStep } from "./state.ts";

/** What a container waits for when it makes progress; any other reason for waiting is a failure. */
const PROGRESS = new Set(["", "ContainerCreating", "PodInitializing"]);

/** Most characters of a cause's message. A scheduler that looked at many nodes has much to say. */
const MAX_LENGTH = 1_000;

/** What may pass without another attempt, which would only lose the place of this one. */
const GOES_ON = new Set(["Unschedulable", NOT_ROUTED, BEING_DELETED.Job]);

/** Another attempt fails too: somebody has to change the Service or the template, which the gateway then sees. */
const WAITS_FOR_A_CHANGE = new Set(["InvalidSpec", "InvalidTemplate"]);

/** Whether the view may still start without another attempt. */
export function mayStillStart({ reason }: Cause): boolean {
  return GOES_ON.has(reason);
}

/**
 * Whether a launch that made no Job has found out what nothing else tells: all other causes are known, and known to pass, by
 * what is watched.
 */
export function isOnlyFoundByLaunch(cause: Cause): boolean {
  return !mayStillStart(cause) && !needsChange(cause);
}

/** Whether only a change of the view's Service or template helps, and no further attempt. */
export function needsChange({ reason }: Cause): boolean {
  return WAITS_FOR_A_CHANGE.has(reason);
}

/** Why a pod that has not ended cannot start; undefined while it still may. */
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

/** Why a Job has failed: as its last pod tells it, else as the Job's own condition does. */
export function failedCause(failed: Condition, last: PodObject | undefined): Cause {
  return (last && podCause(last)) ?? cause(failed);
}

/** Why a pod that has ended did; undefined where it ended well, or does not tell. */
export function podCause(pod: PodObject): Cause | undefined {
  if (pod.reason !== undefined) return cause({ reason: pod.reason, message: pod.message ?? "" });
  const crashed = pod.containers.find(({ terminated }) => terminated !== undefined && terminated.exitCode !== 0);
  return crashed === undefined ? undefined : crash(crashed);
}

/** A Job that came to its deadline before it served. */
export function deadlineCause({ activeDeadlineSeconds }: JobObject, step: StartStep): Cause {
  const seconds = activeDeadlineSeconds === undefined ? "" : ` of ${activeDeadlineSeconds} s`;
  return { reason: "DeadlineExceeded", message: `It did not serve by its deadline${seconds}; last: ${step}.` };
}

/** A pod that ended well and never served. */
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

/** A pod that the view's Service does not find, though it would find one that was started now. */
export function unreachableCause({ name }: PodObject, { message }: Cause): Cause {
  return cause({
    reason: "Unreachable",
    message:
      `Pod ${name} is older than a change of the Service or the template; the next request starts another. ${message}`,
  });
}

function crash({ name, terminated }: ContainerObject): Cause | undefined {
  if (terminated === undefined) return undefined;
  const { reason, message, exitCode } = terminated;
  const memory = reason === "OOMKilled" ? ", as it used more memory than it may" : "";
  const line = lastLine(message);
  return {
    reason: reason || "Error",
    message: `Container ${name} ended with exit code ${exitCode}${memory}${line === "" ? "." : `: ${line}`}`,
  };
}

function cause({ reason, message }: Cause): Cause {
  return { reason, message: message.length > MAX_LENGTH ? `${message.slice(0, MAX_LENGTH)}…` : message };
}
