import type { AnsweringPod, PodObject, RefusedLaunch, UnassignablePod, ViewObjects } from "../../view/objects.ts";
import { isReady } from "../../view/job_pod.ts";
import type { Identified, WatchedObjects } from "../watch/watched_resource.ts";

/** A view's objects after one was added (`after` alone), modified (both) or deleted (`before` alone). */
export type Regroup<O> = (objects: ViewObjects, before: O | undefined, after: O | undefined) => ViewObjects;

/** How a change of each type of object changes its view's objects. What does not change is shared, not copied. */
export const regroup: { readonly [Type in keyof WatchedObjects]: Regroup<WatchedObjects[Type]> } = {
  services: (objects, before, service) => {
    const { refused, ...others } = objects;
    const same = service === undefined
      ? before?.uid !== refused?.uid
      : service.resourceVersion === before?.resourceVersion;
    return { ...others, ...refused && same && { refused }, service: replaced(objects.service, before, service) };
  },
  jobs: (objects, before, job) => {
    const { refused, ...others } = objects;
    const isNew = job !== undefined && job.uid !== objects.job?.uid;
    return { ...others, ...refused && !isNew && { refused }, job: replaced(objects.job, before, job) };
  },
  // The youngest comes last.
  pods: (objects, before, pod) => ({
    ...objects,
    pods: updated(objects.pods, before, pod).toSorted((a, b) =>
      order(a.createdAt, b.createdAt) || order(a.name, b.name)
    ),
    answered: without(objects.answered, ({ uid }) => uid === before?.uid && (pod === undefined || speaksFor(pod))),
    ...pod === undefined && { unassignable: without(objects.unassignable, ({ uid }) => uid === before?.uid) },
  }),
  // The latest comes last.
  events: (objects, before, event) => ({
    ...objects,
    failedCreates: updated(objects.failedCreates, before, event).toSorted((a, b) => order(a.at, b.at)),
  }),
};

/** A pod has answered this gateway; Kubernetes may have reported it before. */
export const regroupAnswered: Regroup<AnsweringPod> = (objects, _before, answered) => {
  const pod = objects.pods.find(({ uid }) => uid === answered?.uid);
  if (answered === undefined || pod === undefined || speaksFor(pod)) return objects;
  return { ...objects, answered: [...without(objects.answered, ({ uid }) => uid === answered.uid), answered] };
};

/** This gateway could not assign a pod; it may be gone meanwhile. */
export const regroupUnassignable: Regroup<UnassignablePod> = (objects, _before, pod) => {
  if (pod === undefined || !objects.pods.some(({ uid }) => uid === pod.uid)) return objects;
  return { ...objects, unassignable: [...without(objects.unassignable, ({ uid }) => uid === pod.uid), pod] };
};

/** A launch created no Job; the view may have been replaced meanwhile. */
export const regroupRefused: Regroup<RefusedLaunch> = (objects, _before, refused) =>
  refused === undefined || objects.service?.uid !== refused.uid ? objects : { ...objects, refused };

const NONE: readonly never[] = [];

/** The objects of a name that has none in Kubernetes. */
export function noObjects(name: string): ViewObjects {
  const [service, job] = [undefined, undefined];
  return { name, service, job, pods: NONE, answered: NONE, unassignable: NONE, failedCreates: NONE };
}

export function isEmpty({ service, job, pods, failedCreates }: ViewObjects): boolean {
  return service === undefined && job === undefined && pods.length === 0 &&
    failedCreates.length === 0;
}

/** For a type of which a view has one object: the deletion of another object does not remove it. */
function replaced<O extends Identified>(current: O | undefined, before: O | undefined, after: O | undefined) {
  return after ?? (current?.uid === before?.uid ? undefined : current);
}

function updated<O extends Identified>(
  current: readonly O[],
  before: O | undefined,
  after: O | undefined,
): readonly O[] {
  const others = before === undefined ? current : current.filter(({ uid }) => uid !== before.uid);
  return after === undefined ? others : [...others, after];
}

/** The list without these; the list itself where there is none to remove. */
function without<O>(current: readonly O[], removed: (one: O) => boolean): readonly O[] {
  return current.some(removed) ? current.filter((one) => !removed(one)) : current;
}

/**
 * Whether Kubernetes' reports of the pod count from now on, instead of its answer to a probe. Of a claimed pod they say
 * nothing of its assignment.
 */
function speaksFor(pod: PodObject): boolean {
  return pod.claimedFrom === undefined && isReady(pod);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
