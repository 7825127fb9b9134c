import type { View } from "@view-gateway/types";
import type { Lease } from "./lease.ts";
import type { Outdated } from "./made_from.ts";
import type { Cause } from "./reasons.ts";
import type { ServiceTarget } from "./service_target.ts";

export type { Cause };

/** Where a pod answers. */
export interface Address {
  readonly address: string;
  readonly port: number;
}

/** How far a start has come. */
export type StartStep = "no pod" | "scheduling" | "creating container" | "waiting for readiness";

/** Where a pod that starts can be asked whether it serves, before Kubernetes knows. */
export interface StartProbe extends Address {
  /** UID of the pod. */
  readonly pod: string;
  /** Path, and perhaps query. */
  readonly path: string;
}

/** `job` is the UID of the Job that the phase speaks of; `lease` is missing where Kubernetes has not started its clock. */
export type Phase =
  /**
   * `ended`: the Job that has to be deleted before another can take its name. `spent`: it has ended as a view does that
   * falls asleep, and tells nobody anything any more.
   */
  | { readonly kind: "asleep"; readonly ended: string | undefined; readonly spent?: true }
  /** `probe`: where its template lets the gateway probe, the pod has an address, and Kubernetes has said nothing yet. */
  | {
    readonly kind: "starting";
    readonly job: string;
    readonly step: StartStep;
    readonly probe?: StartProbe;
    readonly lease?: Lease;
  }
  | { readonly kind: "awake"; readonly job: string; readonly serving: readonly Address[]; readonly lease?: Lease }
  /** `spent`: as above, of a view that fell asleep and could not start again. */
  | { readonly kind: "failed"; readonly job: string | undefined; readonly cause: Cause; readonly spent?: true };

/** The Job that stands under the view's name, as an attempt to start the view. Times are RFC 3339. */
export interface StartAttempt {
  readonly createdAt: string;
  /** Attempts at the same that failed before this one, one after the other. */
  readonly failures: number;
  /** Stands for all that was to be started: what another digest has may fare better. */
  readonly digest?: string;
  /** Where the attempt has failed, and Kubernetes tells when. */
  readonly failedAt?: string;
}

/** A view, as its Kubernetes objects tell it. */
export interface ViewState {
  readonly name: string;
  /** UID of its Service. */
  readonly uid: string;
  readonly createdAt: string;
  /** Undefined where the Service holds no valid spec; the phase is then `failed`. */
  readonly spec: View | undefined;
  /** Where its Service points to; missing where that is the usual target. */
  readonly target?: ServiceTarget;
  readonly phase: Phase;
  /** Missing where no Job of this Service's stands under its name. */
  readonly attempt?: StartAttempt;
  /** Pods that end, or no longer serve: they get no new requests but keep those they have. */
  readonly draining: readonly Address[];
  /** What the pod of a view that starts or is awake has from a former spec, and keeps until it is restarted. */
  readonly restartNeeded?: readonly Outdated[];
  /** UID of the Job that has been seen to serve: its end is a view that fell asleep, not a failed start. */
  readonly served: string | undefined;
}

/** Whether there is a Job of the view that serves, or will. */
export function isRunning(state: ViewState | undefined): boolean {
  return state?.phase.kind === "awake" || state?.phase.kind === "starting";
}
