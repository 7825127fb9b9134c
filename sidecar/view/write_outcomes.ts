import type { Cause } from "./reasons.ts";

/** Why a write did not happen: Kubernetes refuses it for a lasting cause, or cannot do it now. */
export type Refusal =
  | { readonly kind: "refused"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string };

export type CreatedService =
  | { readonly kind: "created"; readonly uid: string; readonly createdAt: string; readonly resourceVersion: string }
  | { readonly kind: "exists" }
  | Refusal;

/** `lost`: the Service is gone, or it is not the version that was to be changed. */
export type ChangedService =
  | { readonly kind: "changed"; readonly resourceVersion: string }
  | { readonly kind: "lost" }
  | Refusal;

/** `gone`: there is no such Service, or it has another UID or resourceVersion. */
export type DeletedService = { readonly kind: "deleted" } | { readonly kind: "gone" } | Refusal;

export type CreatedJob = { readonly kind: "created"; readonly uid: string } | { readonly kind: "exists" } | Refusal;

/** `gone`: there is no such Job, or it has another UID. */
export type EndedJob = { readonly kind: "ended" } | { readonly kind: "gone" } | Refusal;

/** `lost`: the Job is gone, or another gateway has renewed its lease. */
export type RenewedJob = { readonly kind: "renewed" } | { readonly kind: "lost" } | Refusal;

/** The Job that has a view's name, whoever created it. */
export interface ExistingJob {
  readonly uid: string;
  readonly deleting: boolean;
  /** The finalizers that may keep it forever. */
  readonly blockingFinalizers: readonly string[];
  /** The Service in its ownerReferences, if there is one. */
  readonly owner: { readonly uid: string; readonly name: string } | undefined;
  /** The Job controller has not finished its first look at it: it may be creating a pod just now. */
  readonly unseen?: true | undefined;
}

/** `lost`: the pod is gone, is ending, or is another view's. */
export type ClaimedPod = { readonly kind: "claimed" } | { readonly kind: "lost" } | Refusal;

/** `lost`: the pod is gone. */
export type PatchedPod = { readonly kind: "patched" } | { readonly kind: "lost" } | Refusal;
