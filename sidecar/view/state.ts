import type { View } from "@view-gateway/types";
import type { Lease } from "./lease.ts";
import type { Outdated } from "./made_from.ts";
import type { Cause } from "./reasons.ts";
import type { ServiceTarget } from "./service_target.ts";
import type { StartTimes } from "./start_times.ts";

export type { Cause };

/** Address of a pod's port. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

/** How far a start has come. */
export type StartStep = "no pod" | "assigning" | "scheduling" | "creating container" | "waiting for readiness";

/** Where the gateway probes a starting pod, to learn sooner than from Kubernetes that it serves. */
export interface StartProbe extends Address {
  /** UID of the pod. */
  readonly pod: string;
  /** Path, with an optional query. */
  readonly path: string;
}

/** Where a claimed pod takes the assignment to its view. */
export interface Assignment extends Address {
  /** UID of the pod. */
  readonly pod: string;
  readonly podName: string;
  readonly path: string;
  /** Name of the pool's Job that the pod was claimed from. */
  readonly pool: string;
}

/** The gated pod of a Job that has no other. */
export interface Placeholder {
  /** UID of the pod. */
  readonly pod: string;
  readonly podName: string;
}

/** `job` is the UID of the phase's Job; `lease` is missing until Kubernetes sets the Job's startTime. */
export type ViewPhase =
  /**
   * `ended`: the Job that must be deleted before another can have its name. `spent`: its view fell asleep, so the Job is no
   * longer needed. `podless`: the last Job got no pod, so the Job controller has to see it gone before another has its name.
   */
  | { readonly kind: "asleep"; readonly ended: string | undefined; readonly spent?: true; readonly podless?: true }
  /** `probe`: if the template has a start probe, the pod has an address, and Kubernetes has not reported it as serving. */
  | {
    readonly kind: "starting";
    readonly job: string;
    readonly step: StartStep;
    readonly probe?: StartProbe;
    /** If the pod is claimed, and not known to be assigned. */
    readonly assignment?: Assignment;
    /** If the Job has nothing but a gated pod: a claim, or the release of this pod, is still to come. */
    readonly placeholder?: Placeholder;
    /** If the Job controller has looked at the Job, made no pod and told no cause: see podless_jobs.ts. */
    readonly podless?: true;
    readonly lease?: Lease;
  }
  | { readonly kind: "awake"; readonly job: string; readonly serving: readonly Address[]; readonly lease?: Lease }
  /** `spent`: as above, for a view that fell asleep and cannot start again. */
  | { readonly kind: "failed"; readonly job: string | undefined; readonly cause: Cause; readonly spent?: true };

/** The present Job as an attempt to start the view. Times are RFC 3339. */
export interface StartAttempt {
  readonly createdAt: string;
  /** Consecutive attempts with the same digest that failed before this one. */
  readonly failures: number;
  /** Identifies the Job's inputs: with other inputs the start may succeed. */
  readonly digest?: string;
  /** When the attempt failed, if Kubernetes says so. */
  readonly failedAt?: string;
  /** Of the pod, if it is not claimed, of a view that is not asleep. */
  readonly times?: StartTimes;
}

/** Whether a view has started with a claimed pod, or with a pod of its own. */
export type StartKind = "warm" | "cold";

/** The pod of a view that is starting or awake. */
export interface ViewPod {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly claimed?: true;
  /** Where a claimed pod takes its assignment, and later the same with renewed credentials. */
  readonly assignment?: Assignment;
  /** The end of the credentials that it was last given, as RFC 3339; missing if nobody has noted it. */
  readonly credentialsEnd?: string;
}

/** A view's state, derived from its Kubernetes objects. */
export interface ViewState {
  readonly name: string;
  /** UID of its Service. */
  readonly uid: string;
  /** The resourceVersion of its Service. */
  readonly resourceVersion: string;
  readonly createdAt: string;
  /** The user who created it through the API; undefined if unknown. */
  readonly owner: string | undefined;
  /** Undefined if the Service has no valid spec; the phase is then `failed`. */
  readonly spec: View | undefined;
  /** Anybody may open it without signing in: its spec says `public`, and the gateway allows that. */
  readonly public?: true;
  /** Its Service's target; missing if it is the default one. */
  readonly target?: ServiceTarget;
  readonly phase: ViewPhase;
  /** Missing if the view is neither starting nor awake, or its Job has no pod but a gated one. */
  readonly pod?: ViewPod;
  /** Missing if the view is neither starting nor awake, or it is not yet known. */
  readonly start?: StartKind;
  /** Missing if this Service owns no Job. */
  readonly attempt?: StartAttempt;
  /** The last words of the container that a view has failed by, as Kubernetes has them: see `lastLines`. */
  readonly failedLog?: string;
  /** Addresses of pods that are ending: they get no new requests and finish those that they have. */
  readonly draining: readonly Address[];
  /** What has changed since the pod of a starting or awake view started. */
  readonly restartNeeded?: readonly Outdated[];
  /** UID of the Job that was seen to serve: when it ends, its view falls asleep instead of failing. */
  readonly served: string | undefined;
}

/** Whether the view is starting or awake. */
export function isRunning(state: ViewState | undefined): boolean {
  return state !== undefined && isRunningPhase(state.phase);
}

export function isRunningPhase({ kind }: ViewPhase): boolean {
  return kind === "awake" || kind === "starting";
}
