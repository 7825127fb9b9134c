import type { V1Job } from "@kubernetes/client-node";
import type { Pause } from "../async/pause.ts";
import { beingDeletedCause } from "../view/deletion.ts";
import type { Cause, ViewState } from "../view/state.ts";
import type { CreatedJob, ExistingJob } from "../view/write_outcomes.ts";

/** Kubernetes' Jobs, as a launch uses them. */
export interface LaunchJobs {
  create(job: V1Job, signal: AbortSignal): Promise<CreatedJob>;
  /** Deletes the Job if it still has this UID. One that is gone, or another's by now, is not an error. */
  delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<ExistingJob | undefined>;
}

export type JobCreation =
  | { readonly kind: "created"; readonly uid: string }
  /** Another gateway has created the view's Job. */
  | { readonly kind: "joined" }
  /** Kubernetes refuses the Job. */
  | { readonly kind: "refused"; readonly cause: Cause }
  /** Another object has the Job's name, and stays. */
  | { readonly kind: "failed"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string };

/** The progress of a launch. */
export interface LaunchProgress {
  /** What the launch is waiting for, as the end of a sentence. */
  waitsFor: string;
}

export interface JobCreationOptions {
  readonly jobs: LaunchJobs;
  readonly pause: Pause;
  readonly progress: LaunchProgress;
  readonly signal: AbortSignal;
}

/** Milliseconds between looks at a Job that is being deleted. It keeps its name until it is gone. */
const DELETION_POLL = 100;

/** Milliseconds that the owner of a finalizer has to remove it. After that, the launch fails and names the finalizer. */
const FINALIZER_GRACE = 1_000;

/**
 * Creates a view's Job. The Job has the view's name, so Kubernetes lets only one gateway do it.
 * @param before UID of the Job to replace; undefined if there is none
 */
export async function createJob(
  job: V1Job,
  { name, uid: serviceUid }: Pick<ViewState, "name" | "uid">,
  before: string | undefined,
  { jobs, pause, progress, signal }: JobCreationOptions,
): Promise<JobCreation> {
  let replace = before;
  let looks = 0;
  while (true) {
    progress.waitsFor = "Kubernetes to create its Job";
    if (replace !== undefined) await jobs.delete(name, replace, signal);
    const created = await jobs.create(job, signal);
    if (created.kind !== "exists") return created;
    const existing = await jobs.get(name, signal);
    if (existing === undefined) continue;
    if (existing.owner?.name !== name) return { kind: "failed", cause: nameTakenCause(name) };
    if (existing.deleting) {
      progress.waitsFor = "Kubernetes to delete its former Job";
      if (existing.blockingFinalizers.length > 0 && ++looks > FINALIZER_GRACE / DELETION_POLL) {
        return { kind: "failed", cause: beingDeletedCause("Job", name, existing.blockingFinalizers) };
      }
      await pause(DELETION_POLL, signal);
    } else if (existing.owner.uid !== serviceUid || existing.uid === before) replace = existing.uid;
    else return { kind: "joined" };
  }
}

function nameTakenCause(name: string): Cause {
  return {
    reason: "JobNameTaken",
    message: `A Job named ${name} exists that belongs to no view. Delete it, or give the view another name.`,
  };
}
