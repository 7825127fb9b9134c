import { addressOf, isAssigned } from "./addresses.ts";
import { isEnding } from "./job_pod.ts";
import type { PodObject, ViewObjects } from "./objects.ts";
import type { ServiceTarget } from "./service_target.ts";
import type { Assignment } from "./state.ts";

/** Whether the pod is claimed, and does not know its view as far as this gateway knows. */
export function isUnassigned(pod: PodObject, { service, answered }: ViewObjects): boolean {
  return pod.claimedFrom !== undefined && !isAssigned(pod, service?.uid, answered);
}

/** Whether a pod that is not assigned never will be: its view needs another pod. */
export function isUnassignable(pod: PodObject, { unassignable }: ViewObjects): boolean {
  return isEnding(pod) || pod.assignPath === undefined || unassignable.some(({ uid }) => uid === pod.uid);
}

/** Where the pod takes its assignment; undefined if the Service does not reach it. */
export function assignmentOf(pod: PodObject, target: ServiceTarget): Assignment | undefined {
  const address = addressOf(pod, target);
  const { uid, name, claimedFrom: pool, assignPath: path } = pod;
  if (address === undefined || pool === undefined || path === undefined) return undefined;
  return { pod: uid, podName: name, pool, path, ...address };
}
