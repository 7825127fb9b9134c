import { endOf } from "./job_end.ts";
import { isOver, isReady } from "./job_pod.ts";
import type { PodObject, ViewObjects } from "./objects.ts";
import { portIn, selects, type ServiceTarget } from "./service_target.ts";
import type { Address } from "./state.ts";

/** The addresses of a view's pods. */
export interface ViewAddresses {
  /** They get new requests. */
  readonly serving: readonly Address[];
  /** They get no new requests, and finish those that they have. */
  readonly draining: readonly Address[];
}

const NONE: ViewAddresses = { serving: [], draining: [] };

/**
 * The addresses of the pods of a view's present Job. An address counts only if its pod belongs to this Service's Job: a pod
 * of a former view with the same name may still end.
 *
 * Kubernetes' EndpointSlice controller decides in the same way from the same pods: `serving` is the condition Ready,
 * `terminating` a deletion timestamp, and a pod that is over has no endpoint (podToEndpoint in
 * staging/src/k8s.io/endpointslice/utils.go and ShouldPodBeInEndpoints in util/controller_utils.go of Kubernetes 1.33).
 * `publishNotReadyAddresses` changes `ready` there, which nobody reads here. Two things differ. A pod has one address, its
 * first, where a Service of two families lists both. And a pod counts even if its Node is gone, until its Ready says so.
 */
export function addressesOf(objects: ViewObjects, target: ServiceTarget): ViewAddresses {
  const { service, job, pods } = objects;
  if (service === undefined || job === undefined || job.ownerUid !== service.uid) return NONE;
  const serving: Address[] = [];
  const draining: Address[] = [];
  const ending = job.deleting || endOf(job) !== undefined;
  for (const pod of pods) {
    if (pod.jobUid !== job.uid || !serves(pod, objects)) continue;
    const address = addressOf(pod, target);
    if (address !== undefined) (ending || pod.deleting ? draining : serving).push(address);
  }
  return { serving, draining };
}

/** The address of a pod at which the Service reaches it; undefined if the Service does not, or the pod has no address yet. */
export function addressOf({ address, shape }: PodObject, target: ServiceTarget): Address | undefined {
  const port = address === undefined || !selects(target, shape) ? undefined : portIn(target, shape);
  return address === undefined || port === undefined ? undefined : { address, port };
}

/**
 * Whether a pod answers requests for the view: Kubernetes says that it is ready, or it has answered this gateway's probe. A
 * claimed pod is ready before it knows its view, so it has to be assigned as well.
 */
function serves(pod: PodObject, { service, answered }: ViewObjects): boolean {
  if (isOver(pod)) return false;
  if (pod.claimedFrom !== undefined) return isReady(pod) && isAssigned(pod, service?.uid, answered);
  return isReady(pod) || answered.some(({ uid }) => uid === pod.uid);
}

/** Whether a claimed pod knows which view it is: this gateway has told it, or another one has noted that. */
export function isAssigned(
  pod: PodObject,
  service: string | undefined,
  answered: ViewObjects["answered"],
): boolean {
  return pod.assigned !== undefined && pod.assigned === service || answered.some(({ uid }) => uid === pod.uid);
}
