import type { ProbedPod, RefusedLaunch, SliceObject, ViewObjects } from "../../view/objects.ts";
import type { Identified, WatchedObjects } from "../watch/watched_resource.ts";

/** A view's objects after one of them came (`after` alone), changed (both) or went (`before` alone). */
export type Regroup<O> = (objects: ViewObjects, before: O | undefined, after: O | undefined) => ViewObjects;

/** How an object of each type takes its place among those of its view. What does not change is shared, not copied. */
export const regroup: { readonly [Type in keyof WatchedObjects]: Regroup<WatchedObjects[Type]> } = {
  services: (objects, before, service) => {
    const { refused, ...others } = objects;
    const same = service === undefined
      ? before?.uid !== refused?.uid
      : service.resourceVersion === before?.resourceVersion;
    return { ...others, ...refused && same && { refused }, service: instead(objects.service, before, service) };
  },
  endpointslices: (objects, before, slice) => ({
    ...objects,
    slices: among(objects.slices, before, slice).toSorted((a, b) => order(a.name, b.name)),
    // Kubernetes has spoken: from now on its word alone counts, also when it takes it back.
    probed: but(objects.probed, ({ uid }) => saysServing(slice, uid)),
  }),
  jobs: (objects, before, job) => {
    const { refused, ...others } = objects;
    const isNew = job !== undefined && job.uid !== objects.job?.uid;
    return { ...others, ...refused && !isNew && { refused }, job: instead(objects.job, before, job) };
  },
  // The last of them is the youngest.
  pods: (objects, before, pod) => ({
    ...objects,
    pods: among(objects.pods, before, pod).toSorted((a, b) => order(a.createdAt, b.createdAt) || order(a.name, b.name)),
    probed: pod === undefined ? but(objects.probed, ({ uid }) => uid === before?.uid) : objects.probed,
  }),
  // The last of them is the latest.
  events: (objects, before, event) => ({
    ...objects,
    failedCreates: among(objects.failedCreates, before, event).toSorted((a, b) => order(a.at, b.at)),
  }),
};

/** A pod has answered a probe; that may come too late to be news. */
export const regroupProbed: Regroup<ProbedPod> = (objects, _before, probed) => {
  const { pods, slices } = objects;
  if (probed === undefined || !pods.some(({ uid }) => uid === probed.uid)) return objects;
  if (slices.some((slice) => saysServing(slice, probed.uid))) return objects;
  return { ...objects, probed: [...but(objects.probed, ({ uid }) => uid === probed.uid), probed] };
};

/** A launch made no Job; the view may be another one by now. */
export const regroupRefused: Regroup<RefusedLaunch> = (objects, _before, refused) =>
  refused === undefined || objects.service?.uid !== refused.uid ? objects : { ...objects, refused };

const NONE: readonly never[] = [];

/** A name of which Kubernetes holds nothing. */
export function nothing(name: string): ViewObjects {
  return { name, service: undefined, slices: NONE, job: undefined, pods: NONE, probed: NONE, failedCreates: NONE };
}

export function isNothing({ service, slices, job, pods, failedCreates }: ViewObjects): boolean {
  return service === undefined && slices.length === 0 && job === undefined && pods.length === 0 &&
    failedCreates.length === 0;
}

/** A view has one object of the type; that another one went is no news of this one. */
function instead<O extends Identified>(held: O | undefined, before: O | undefined, after: O | undefined) {
  return after ?? (held?.uid === before?.uid ? undefined : held);
}

function among<O extends Identified>(held: readonly O[], before: O | undefined, after: O | undefined): readonly O[] {
  const others = before === undefined ? held : held.filter(({ uid }) => uid !== before.uid);
  return after === undefined ? others : [...others, after];
}

/** The others; the list itself where there are no others to leave out. */
function but<O>(held: readonly O[], leftOut: (one: O) => boolean): readonly O[] {
  return held.some(leftOut) ? held.filter((one) => !leftOut(one)) : held;
}

function saysServing(slice: SliceObject | undefined, pod: string): boolean {
  return slice?.endpoints.some(({ podUid, serving }) => podUid === pod && serving) ?? false;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
