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

/** Milliseconds between looks at a Job that the Job controller has not seen, and how many of them a launch takes. */
const UNSEEN_POLL = 50;
const UNSEEN_LOOKS = 20;

/** Milliseconds in which the Job controller sees that a Job is gone. It then forgets what it expects of the name. */
const FORGETTING = 1_000;

/**
 * Creates a view's Job. The Job has the view's name, so Kubernetes lets only one gateway do it.
 *
 * The Job controller remembers which pods it expects by a Job's name, not by its UID. A Job that is replaced while the
 * controller creates its pod leaves an expectation that nothing fulfils, and the next Job of the name gets no pod for five
 * minutes or more: https://github.com/kubernetes/kubernetes/issues/131917.
 * @param before UID of the Job to replace; undefined if there is none
 */
export async function createJob(
  job: V1Job,
  { name, uid: serviceUid, phase }: Pick<ViewState, "name" | "uid" | "phase">,
  before: string | undefined,
  options: JobCreationOptions,
): Promise<JobCreation> {
  const { jobs, pause, progress, signal } = options;
  let replace = before;
  let looks = 0;
  let podless = "podless" in phase;
  while (true) {
    if (replace !== undefined) {
      await untilSeen(name, replace, options);
      await jobs.delete(name, replace, signal);
    }
    if (podless) {
      progress.waitsFor = "Kubernetes to forget its former Job";
      await pause(FORGETTING, signal);
      podless = false;
    }
    progress.waitsFor = "Kubernetes to create its Job";
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

/** Waits until the Job controller has created the pod of a young Job, or for a second: the controller may be away. */
async function untilSeen(name: string, uid: string, { jobs, pause, progress, signal }: JobCreationOptions) {
  progress.waitsFor = "Kubernetes to see its former Job";
  for (let looks = 0; looks < UNSEEN_LOOKS; looks++) {
    const existing = await jobs.get(name, signal);
    if (existing?.uid !== uid || existing.deleting || !existing.unseen) return;
    await pause(UNSEEN_POLL, signal);
  }
}

function nameTakenCause(name: string): Cause {
  return {
    reason: "JobNameTaken",
    message: `A Job named ${name} exists that belongs to no view. Delete it, or give the view another name.`,
  };
}
