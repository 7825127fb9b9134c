import type {
  CoreV1Event,
  V1Condition,
  V1ConfigMap,
  V1ContainerStatus,
  V1Job,
  V1JobStatus,
  V1ObjectMeta,
  V1Pod,
  V1PodSpec,
  V1Service,
} from "@kubernetes/client-node";
import type {
  Condition,
  ContainerObject,
  FailedCreateObject,
  JobObject,
  PodObject,
  ServiceObject,
} from "../../view/objects.ts";
import type { LeaseBounds } from "../../view/lease.ts";
import { blockingFinalizers } from "../../view/deletion.ts";
import { readAttempt } from "../../view/attempt.ts";
import { readMadeFrom } from "../../view/made_from.ts";
import {
  ASSIGNED_ANNOTATION,
  CLAIM_GATE,
  CLAIMED_FROM_ANNOTATION,
  CREDENTIALS_END_ANNOTATION,
} from "../../view/claim.ts";
import { NAME_LABEL } from "../../view/labels.ts";
import { isViewName } from "../../view/name.ts";
import { shapeOf } from "../../view/service_target.ts";
import { OWNER_ANNOTATION, SPEC_ANNOTATION, specOf } from "../../view/service.ts";
import { startProbePath } from "../../view/start_probe.ts";
import { warmOf } from "../../view/warm.ts";
import { isPodAddress } from "./pod_address.ts";

/** An object as JSON, in which a time is a string. */
export type Jsonify<T> = T extends Date ? string : T extends object ? { readonly [K in keyof T]: Jsonify<T[K]> } : T;

/** The kept part of an object, and the name of its view. */
export interface Trimmed<T> {
  readonly view: string;
  readonly object: T;
}

/** An object that is watched only for its deletion. */
export interface DeletableObject {
  readonly name: string;
  readonly uid: string;
  readonly deleting: boolean;
}

/** A ConfigMap, such as that of workload templates. */
export interface ConfigMapObject {
  readonly name: string;
  readonly uid: string;
  readonly data: Readonly<Record<string, string>>;
}

const CONTROLLER_UID_LABEL = "batch.kubernetes.io/controller-uid";

export function trimService({ metadata, spec }: Jsonify<V1Service>, bounds: LeaseBounds): Trimmed<ServiceObject> {
  const identity = objectIdentity(metadata);
  const owner = metadata?.annotations?.[OWNER_ANNOTATION];
  return {
    view: identity.name,
    object: {
      ...identity,
      resourceVersion: metadata?.resourceVersion ?? "",
      createdAt: metadata?.creationTimestamp ?? "",
      ...owner && { owner },
      spec: specOf({
        name: identity.name,
        headless: spec?.clusterIP === "None",
        spec: metadata?.annotations?.[SPEC_ANNOTATION],
        selector: spec?.selector ?? {},
        ports: spec?.ports ?? [],
      }, bounds),
      deleting: metadata?.deletionTimestamp !== undefined,
    },
  };
}

/** A view's Job has the view's name, both as its name and in its label. */
export function trimJob({ metadata, spec, status }: Jsonify<V1Job>): Trimmed<JobObject> | undefined {
  const identity = objectIdentity(metadata);
  if (metadata?.labels?.[NAME_LABEL] !== identity.name) return undefined;
  const made = readMadeFrom(metadata.annotations);
  return {
    view: identity.name,
    object: {
      ...identity,
      ownerUid: metadata.ownerReferences?.find(({ kind }) => kind === "Service")?.uid,
      createdAt: metadata.creationTimestamp ?? "",
      startedAt: status?.startTime,
      activeDeadlineSeconds: spec?.activeDeadlineSeconds,
      ...spec?.backoffLimit !== undefined && { backoffLimit: spec.backoffLimit },
      ...readAttempt(metadata.annotations),
      ...made && { madeFrom: made },
      ...deletionOf(metadata),
      conditions: (status?.conditions ?? []).map(conditionOf),
      ...isGated(spec?.template?.spec) && { gated: true },
      ...isPodless(status) && { podless: true },
    },
  };
}

function isPodless({ startTime, active, ready, terminating, succeeded, failed }: Jsonify<V1JobStatus> = {}): boolean {
  return startTime !== undefined && !(active || ready || terminating || succeeded || failed);
}

function isGated(spec: Jsonify<Pick<V1PodSpec, "schedulingGates">> | undefined): boolean {
  return spec?.schedulingGates?.some(({ name }) => name === CLAIM_GATE) ?? false;
}

function deletionOf({ deletionTimestamp, finalizers }: Jsonify<V1ObjectMeta>) {
  if (deletionTimestamp === undefined) return { deleting: false };
  const blocking = blockingFinalizers(finalizers);
  return { deleting: true, ...blocking.length > 0 && { blockingFinalizers: blocking } };
}

export function trimPod(pod: Jsonify<V1Pod>): Trimmed<PodObject> | undefined {
  const view = pod.metadata?.labels?.[NAME_LABEL];
  return view === undefined ? undefined : { view, object: podObjectOf(pod) };
}

/** The kept part of a pod, whichever labels it has. */
export function podObjectOf({ metadata, spec, status }: Jsonify<V1Pod>): PodObject {
  const containers = [...status?.initContainerStatuses ?? [], ...status?.containerStatuses ?? []];
  const startProbe = startProbePath(metadata?.annotations);
  const address = status?.podIP;
  return {
    ...objectIdentity(metadata),
    jobUid: metadata?.labels?.[CONTROLLER_UID_LABEL],
    createdAt: metadata?.creationTimestamp ?? "",
    shape: shapeOf(metadata, spec),
    ...startProbe !== undefined && { startProbe },
    ...address !== undefined && isPodAddress(address) && { address },
    phase: status?.phase ?? "Unknown",
    reason: status?.reason,
    message: status?.message,
    deleting: metadata?.deletionTimestamp !== undefined,
    conditions: (status?.conditions ?? []).map(conditionOf),
    containers: containers.map(containerOf),
    ...isGated(spec) && { gated: true },
    ...claimOf(metadata?.annotations),
  };
}

/** What a claimed pod's annotations say. */
function claimOf(annotations: Readonly<Record<string, string>> = {}) {
  const {
    [CLAIMED_FROM_ANNOTATION]: claimedFrom,
    [ASSIGNED_ANNOTATION]: assigned,
    [CREDENTIALS_END_ANNOTATION]: credentialsEnd,
  } = annotations;
  const assignPath = claimedFrom && warmOf(annotations)?.path;
  return {
    ...claimedFrom && { claimedFrom },
    ...assignPath && { assignPath },
    ...claimedFrom && assigned && { assigned },
    ...credentialsEnd && { credentialsEnd },
  };
}

/** A view's Job has the view's name. The Job's UID tells later whether the Job is a view's. */
export function trimFailedCreate(event: Jsonify<CoreV1Event>): Trimmed<FailedCreateObject> | undefined {
  return isViewName(event.involvedObject.name ?? "") ? failedCreateOf(event) : undefined;
}

/** Reported under the Job's name. */
export function failedCreateOf(event: Jsonify<CoreV1Event>): Trimmed<FailedCreateObject> | undefined {
  const { metadata, involvedObject, message, lastTimestamp, eventTime } = event;
  if (!involvedObject.name || !involvedObject.uid) return undefined;
  return {
    view: involvedObject.name,
    object: {
      ...objectIdentity(metadata),
      jobUid: involvedObject.uid,
      message: message ?? "",
      at: lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "",
    },
  };
}

/** Reported under its own name instead of a view's. */
export function trimConfigMap({ metadata, data }: Jsonify<V1ConfigMap>): Trimmed<ConfigMapObject> {
  const identity = objectIdentity(metadata);
  return { view: identity.name, object: { ...identity, data: data ?? {} } };
}

/** Reported under its own name instead of a view's. */
export function trimDeletion({ metadata }: Jsonify<V1Pod>): Trimmed<DeletableObject> {
  const identity = objectIdentity(metadata);
  return { view: identity.name, object: { ...identity, deleting: metadata?.deletionTimestamp !== undefined } };
}

export function objectIdentity(
  metadata: Jsonify<V1ObjectMeta> | undefined,
): { readonly name: string; readonly uid: string } {
  if (!metadata?.name || !metadata.uid) throw new TypeError("The object has no name or no UID.");
  return { name: metadata.name, uid: metadata.uid };
}

type RawCondition = Partial<
  Jsonify<Pick<V1Condition, "type" | "status" | "reason" | "message" | "lastTransitionTime">>
>;

function conditionOf({ type, status, reason, message, lastTransitionTime }: RawCondition): Condition {
  return {
    type: type ?? "",
    status: status ?? "",
    reason: reason ?? "",
    message: message ?? "",
    at: lastTransitionTime ?? "",
  };
}

function containerOf({ name, state }: Jsonify<V1ContainerStatus>): ContainerObject {
  const { waiting, running, terminated } = state ?? {};
  return {
    name,
    startedAt: running?.startedAt ?? terminated?.startedAt,
    waiting: waiting && { reason: waiting.reason ?? "", message: waiting.message ?? "" },
    terminated: terminated && {
      reason: terminated.reason ?? "",
      message: terminated.message ?? "",
      exitCode: terminated.exitCode,
    },
  };
}
