import type { V1Job } from "@kubernetes/client-node";
import type { PatchOperation } from "./patch_operation.ts";

/** The scheduling gate of a placeholder: the pod of a view's Job while the gateway claims a pool pod in its place. */
export const CLAIM_GATE = "view.yolean.se/claim";

/** On a claimed pod: the name of the pool's Job that it comes from. */
export const CLAIMED_FROM_ANNOTATION = "view.yolean.se/claimed-from";

/** On a claimed pod that has answered its assignment: the UID of the Service whose view it is. */
export const ASSIGNED_ANNOTATION = "view.yolean.se/assigned";

/** On a view's pod: when the credentials end that it was last given. RFC 3339. */
export const CREDENTIALS_END_ANNOTATION = "view.yolean.se/credentials-end";

/** A started pod that belongs to no view yet. */
export interface PoolPod {
  readonly name: string;
  readonly uid: string;
  /** The pool's Job. */
  readonly job: { readonly name: string; readonly uid: string };
}

/** The move of a pool pod to a view's Job. */
export interface Claim {
  readonly pod: PoolPod;
  /** The view's Job. */
  readonly job: { readonly name: string; readonly uid: string };
  /** The labels of the Job's own pods, without those that the Job controller adds. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The Job whose pod waits for a claim, and is not scheduled before it is released. */
export function withClaimGate(job: V1Job): V1Job {
  const pod = job.spec?.template;
  const spec = { containers: [], ...pod?.spec, schedulingGates: [{ name: CLAIM_GATE }] };
  return { ...job, spec: { ...job.spec, template: { ...pod, spec } } };
}

/**
 * Moves a pool pod to a view's Job in one write. Of several claimants one wins: for the others the pod has another owner by
 * then. A pod that ends cannot be claimed.
 */
export function claimPatch({ pod, job, labels }: Claim): readonly PatchOperation[] {
  const ofJob = {
    "batch.kubernetes.io/controller-uid": job.uid,
    "batch.kubernetes.io/job-name": job.name,
    "controller-uid": job.uid,
    "job-name": job.name,
  };
  const owner = {
    apiVersion: "batch/v1",
    kind: "Job",
    name: job.name,
    uid: job.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return [
    { op: "test", path: "/metadata/uid", value: pod.uid },
    { op: "test", path: "/metadata/ownerReferences/0/uid", value: pod.job.uid },
    // Kubernetes' JSON Patch takes a missing member for null.
    { op: "test", path: "/metadata/deletionTimestamp", value: null },
    { op: "test", path: "/status/phase", value: "Running" },
    { op: "replace", path: "/metadata/labels", value: { ...labels, ...ofJob } },
    { op: "replace", path: "/metadata/ownerReferences", value: [owner] },
    // The Job controller counts a pod only while this finalizer holds it.
    { op: "replace", path: "/metadata/finalizers", value: ["batch.kubernetes.io/job-tracking"] },
    { op: "add", path: `/metadata/annotations/${escaped(CLAIMED_FROM_ANNOTATION)}`, value: pod.job.name },
  ];
}

/** A member's name as a part of a JSON Pointer: https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function escaped(member: string): string {
  return member.replaceAll("~", "~0").replaceAll("/", "~1");
}
