import type { CoreV1Event, V1Job, V1Pod } from "@kubernetes/client-node";
import { POOL_LABEL } from "../../view/labels.ts";
import type { FailedCreateObject, PodObject } from "../../view/objects.ts";
import { POOL_TEMPLATE_ANNOTATION } from "../../view/pool_job.ts";
import type { PoolJobObject } from "../../view/pool_objects.ts";
import { failedCreateOf, type Jsonify, objectIdentity, podObjectOf, type Trimmed } from "./trim.ts";

/** Conditions by which a Job is ending or has ended. */
const ENDS = /^(Complete|SuccessCriteriaMet|Failed|FailureTarget)$/;

/** Reported under its label instead of a view's name. */
export function trimPoolJob({ metadata, spec, status }: Jsonify<V1Job>): Trimmed<PoolJobObject> | undefined {
  const label = metadata?.labels?.[POOL_LABEL];
  if (label === undefined) return undefined;
  const ending = (status?.conditions ?? []).some(({ type, status }) => ENDS.test(type) && status === "True");
  return {
    view: label,
    object: {
      ...objectIdentity(metadata),
      label,
      template: metadata?.annotations?.[POOL_TEMPLATE_ANNOTATION] ?? "",
      parallelism: spec?.parallelism ?? 1,
      startedAt: status?.startTime,
      activeDeadlineSeconds: spec?.activeDeadlineSeconds,
      ended: (status?.failed ?? 0) + (status?.succeeded ?? 0),
      over: ending || metadata?.deletionTimestamp !== undefined,
    },
  };
}

/** A pod belongs to the Job that owns it: a claim changes that in the same write as the labels. */
export function trimPoolPod(pod: Jsonify<V1Pod>): Trimmed<PodObject> | undefined {
  const label = pod.metadata?.labels?.[POOL_LABEL];
  const owner = pod.metadata?.ownerReferences?.[0];
  if (label === undefined || owner?.kind !== "Job") return undefined;
  return { view: label, object: { ...podObjectOf(pod), jobUid: owner.uid } };
}

/** The name of a pool's Job begins with a digit, a view's does not. */
export function trimPoolFailedCreate(event: Jsonify<CoreV1Event>): Trimmed<FailedCreateObject> | undefined {
  return /^[0-9]/.test(event.involvedObject.name ?? "") ? failedCreateOf(event) : undefined;
}
