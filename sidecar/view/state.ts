import type { View } from "@view-gateway/types";
import type { Lease } from "./lease.ts";
import type { Outdated } from "./made_from.ts";
import type { Cause } from "./reasons.ts";
import type { ServiceTarget } from "./service_target.ts";

export type { Cause };

/** Address of a pod's port. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

/** How far a start has come. */
export type StartStep = "no pod" | "scheduling" | "creating container" | "waiting for readiness";

/** Where the gateway probes a starting pod, to learn sooner than from Kubernetes that it serves. */
export interface StartProbe extends Address {
  /** UID of the pod. */
  readonly pod: string;
  /** Path, with an optional query. */
  readonly path: string;
}

/** `job` is the UID of the phase's Job; `lease` is missing until Kubernetes sets the Job's startTime. */
export type ViewPhase =
  /**
   * `ended`: the Job that must be deleted before another can have its name. `spent`: its view fell asleep, so the Job is no
   * longer needed.
   */
  | { readonly kind: "asleep"; readonly ended: string | undefined; readonly spent?: true }
  /** `probe`: if the template has a start probe, the pod has an address, and Kubernetes has not reported it as serving. */
  | {
    readonly kind: "starting";
    readonly job: string;
    readonly step: StartStep;
    readonly probe?: StartProbe;
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
  /** Missing if this Service owns no Job. */
  readonly attempt?: StartAttempt;
  /** Addresses of pods that are ending: they get no new requests and finish those that they have. */
  readonly draining: readonly Address[];
  /** What has changed since the pod of a starting or awake view started. */
  readonly restartNeeded?: readonly Outdated[];
  /** UID of the Job that was seen to serve: when it ends, its view falls asleep instead of failing. */
  readonly served: string | undefined;
}

/** Whether the view is starting or awake. */
export function isRunning(state: ViewState | undefined): boolean {
  return state?.phase.kind === "awake" || state?.phase.kind === "starting";
}
