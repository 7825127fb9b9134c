import type { View } from "@view-gateway/types";
import type { MadeFrom } from "./made_from.ts";
import type { Cause } from "./state.ts";
import type { PodShape, ServiceTarget } from "./service_target.ts";

/**
 * What the gateway keeps of each Kubernetes object: only what a view's phase is derived from. Times are RFC 3339
 * strings as Kubernetes gives them; an absent field is absent, never null.
 */

/**
 * What a Service says of its view, or why the gateway cannot use it. `target` is missing where it is the usual one, so that
 * most views keep none.
 */
export type SpecResult = { readonly spec: View; readonly target?: ServiceTarget } | { readonly invalid: string };

/** The view itself: a Service that carries the view's label. */
export interface ServiceObject {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt: string;
  /** Read once, when the Service comes: a view's other objects change far more often. */
  readonly spec: SpecResult;
  /** `metadata.deletionTimestamp` is set. */
  readonly deleting: boolean;
}

/** One address of an EndpointSlice. The `ready` condition is left out: see `publishNotReadyAddresses`. */
export interface SliceEndpoint {
  readonly address: string;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly podUid: string | undefined;
}

/** A TCP port of a slice's endpoints, by the name that the Service gives it. */
export interface SlicePort {
  readonly name: string;
  readonly port: number;
}

export interface SliceObject {
  readonly name: string;
  readonly uid: string;
  /** Those that its pods have; none where there is no pod. */
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
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
  /** UID of the Service in `ownerReferences`; undefined where no Service owns the Job. */
  readonly ownerUid: string | undefined;
  readonly createdAt: string;
  readonly startedAt: string | undefined;
  readonly activeDeadlineSeconds: number | undefined;
  /** Pods that may fail before the Job has; Kubernetes' default where it is missing. */
  readonly backoffLimit?: number;
  /** What its annotations tell of the attempts before it: see attempt.ts. */
  readonly failures?: number;
  readonly digest?: string;
  readonly madeFrom?: MadeFrom;
  readonly deleting: boolean;
  /** Of one that is being deleted: the finalizers that may keep it for ever. */
  readonly blockingFinalizers?: readonly string[];
  readonly conditions: readonly Condition[];
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
  /** Label `batch.kubernetes.io/controller-uid`: the Job the pod belongs to. */
  readonly jobUid: string | undefined;
  readonly createdAt: string;
  readonly shape: PodShape;
  /** The path at which the gateway may probe it while it starts: see start_probe.ts. */
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
}

/** An Event by which the Job controller tells that it cannot create a pod. */
export interface FailedCreateObject {
  readonly name: string;
  readonly uid: string;
  readonly jobUid: string;
  readonly message: string;
  readonly at: string;
}

/**
 * A pod that has answered the gateway's own probe. Not Kubernetes' word; it holds until Kubernetes says for the first time
 * that the pod serves, and no longer than there is such a pod.
 */
export interface ProbedPod {
  readonly uid: string;
}

/**
 * Why this gateway's last launch of the view made no Job. Not Kubernetes' word either: no object tells of it. It holds until
 * there is a Job, or another Service.
 */
export interface RefusedLaunch {
  /** UID of the view's Service. */
  readonly uid: string;
  readonly cause: Cause;
}

/** All that is known of one view's name; the Service may be missing, also while its Job or pods remain. */
export interface ViewObjects {
  readonly name: string;
  readonly service: ServiceObject | undefined;
  readonly slices: readonly SliceObject[];
  readonly job: JobObject | undefined;
  readonly pods: readonly PodObject[];
  readonly probed: readonly ProbedPod[];
  readonly refused?: RefusedLaunch;
  /** The latest last. */
  readonly failedCreates: readonly FailedCreateObject[];
}
