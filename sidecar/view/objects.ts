import type { View } from "@view-gateway/types";
import type { MadeFrom } from "./made_from.ts";
import type { Cause } from "./reasons.ts";
import type { PodShape, ServiceTarget } from "./service_target.ts";

/**
 * The parts of Kubernetes objects that the gateway keeps: only what a view's phase is derived from. Times are RFC 3339
 * strings from Kubernetes. An absent field is absent, never null.
 */

/**
 * The view's spec in a Service, or why the gateway cannot use it. `target` is missing if it is the default one, as it is for
 * most views.
 */
export type SpecResult = { readonly spec: View; readonly target?: ServiceTarget } | { readonly invalid: string };

/** The view itself: a Service with the view's label. */
export interface ServiceObject {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: string;
  /** The annotation `view.yolean.se/owner`. */
  readonly owner?: string;
  /** Parsed once per Service version, because a view's other objects change far more often. */
  readonly spec: SpecResult;
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly at: string;
}

export interface JobObject {
  readonly name: string;
  readonly uid: string;
  /** UID of the Service in `ownerReferences`; undefined if no Service owns the Job. */
  readonly ownerUid: string | undefined;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly activeDeadlineSeconds: number | undefined;
  /** Pods that may fail before the Job fails; Kubernetes' default if missing. */
  readonly backoffLimit?: number;
  /** From its annotations: see attempt.ts. */
  readonly failures?: number;
  readonly digest?: string;
  readonly madeFrom?: MadeFrom;
  readonly deleting: boolean;
  /** The finalizers that may block its present deletion forever. */
  readonly blockingFinalizers?: readonly string[];
  readonly conditions: readonly Condition[];
  /** Its pods are created with the gate of claim.ts. */
  readonly gated?: true;
  /** The Job controller has looked at it and counts no pod, not even one that has ended. */
  readonly podless?: true;
}

export interface ContainerObject {
  readonly name: string;
  readonly startedAt: string | undefined;
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
  readonly terminated:
    | { readonly reason: string; readonly message: string; readonly exitCode: number }
    | undefined;
}

export interface PodObject {
  readonly name: string;
  readonly uid: string;
  /** Label `batch.kubernetes.io/controller-uid`: the UID of the pod's Job. */
  readonly jobUid: string | undefined;
  readonly createdAt: string;
  readonly shape: PodShape;
  /** The path of its start probe: see start_probe.ts. */
  readonly startProbe?: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`. */
  readonly phase: string;
  /** `status.reason` and `status.message`, such as `Evicted`. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly deleting: boolean;
  readonly conditions: readonly Condition[];
  /** Init containers first, each list in the pod's order. */
  readonly containers: readonly ContainerObject[];
  /** `status.podIP`, if requests may go there. */
  readonly address?: string;
  /** The gate of claim.ts keeps it from a node. */
  readonly gated?: true;
  /** A pool's Job: the pod was started in it, and claimed from it for its view. */
  readonly claimedFrom?: string;
  /** Where a claimed pod takes its assignment; missing if it says nowhere. */
  readonly assignPath?: string;
  /** UID of the Service of the view to which a claimed pod was assigned. */
  readonly assigned?: string;
  /** The end of the credentials that the pod was last given, as RFC 3339. */
  readonly credentialsEnd?: string;
}

/** The Job controller's Event that it cannot create a pod. */
export interface FailedCreateObject {
  readonly name: string;
  readonly uid: string;
  readonly jobUid: string;
  readonly message: string;
  readonly at: string;
}

/**
 * A pod that has answered this gateway: its start probe, or the assignment of a claimed pod. This does not come from
 * Kubernetes. An answer to a probe counts until Kubernetes first reports the pod as ready, an assignment as long as the pod
 * lives.
 */
export interface AnsweringPod {
  readonly uid: string;
}

/** A claimed pod that this gateway could not assign. It does not come from Kubernetes, and counts until the pod is gone. */
export interface UnassignablePod {
  readonly uid: string;
  readonly cause: Cause;
}

/**
 * Why this gateway's last launch of the view created no Job. No object in Kubernetes records it. It counts until there is a
 * Job, or another Service.
 */
export interface RefusedLaunch {
  /** UID of the view's Service. */
  readonly uid: string;
  readonly cause: Cause;
}

/** All objects with one view's name. The Service may be missing while its Job or pods remain. */
export interface ViewObjects {
  readonly name: string;
  readonly service: ServiceObject | undefined;
  readonly job: JobObject | undefined;
  readonly pods: readonly PodObject[];
  readonly answered: readonly AnsweringPod[];
  readonly unassignable: readonly UnassignablePod[];
  readonly refused?: RefusedLaunch;
  /** The latest one comes last. */
  readonly failedCreates: readonly FailedCreateObject[];
}
