import type { JobObject, PodObject } from "./objects.ts";
import type { Placeholder, StartStep } from "./state.ts";

/**
 * The Job's pod that serves the view, or is to serve it: one that is claimed or ready, or else the last one. A gated pod only
 * keeps the place of one that is to be claimed.
 */
export function podOf({ uid }: JobObject, pods: readonly PodObject[]): PodObject | undefined {
  const own = pods.filter(({ jobUid, gated }) => jobUid === uid && !gated);
  return own.findLast((pod) => !isEnding(pod) && (pod.claimedFrom !== undefined || isReady(pod))) ?? own.at(-1);
}

/**
 * The gated pod of a Job that has no other which may serve. A Job that has retries gets another gated pod after one that has
 * failed.
 */
export function placeholderOf({ uid }: JobObject, pods: readonly PodObject[]): Placeholder | undefined {
  const own = pods.filter((pod) => pod.jobUid === uid && !isEnding(pod));
  const last = own.at(-1);
  return last === undefined || !own.every(({ gated }) => gated) ? undefined : { pod: last.uid, podName: last.name };
}

/** The condition of all containers and of the readiness gates, as the kubelet reports it. */
export function isReady({ conditions }: PodObject): boolean {
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** Its containers have ended for good. */
export function isOver({ phase }: PodObject): boolean {
  return phase === "Failed" || phase === "Succeeded";
}

/** It is being deleted, or is over. */
export function isEnding(pod: PodObject): boolean {
  return pod.deleting || isOver(pod);
}

/** How far a pod has come that takes no assignment. */
export function podStep(pod: PodObject | undefined): StartStep {
  if (pod === undefined) return "no pod";
  if (!pod.conditions.some(({ type, status }) => type === "PodScheduled" && status === "True")) return "scheduling";
  return pod.phase === "Running" ? "waiting for readiness" : "creating container";
}
