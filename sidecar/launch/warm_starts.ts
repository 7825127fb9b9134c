import type { V1Job } from "@kubernetes/client-node";
import type { Pause } from "../async/pause.ts";
import type { PodWrites } from "../kubernetes/write/pod_writes.ts";
import type { Pools } from "../pool/pools.ts";
import { type PoolPod, withClaimGate } from "../view/claim.ts";
import type { ViewState } from "../view/state.ts";
import type { Template } from "../view/template.ts";
import type { Views } from "../view/views.ts";
import type { ClaimedPod, PatchedPod } from "../view/write_outcomes.ts";
import type { JobCreation, LaunchProgress } from "./job_creation.ts";

/** What became of one attempt to claim a pod. `empty`: the pool has none to claim. */
export type ClaimOutcome = ClaimedPod | { readonly kind: "empty" };

export interface WarmStartsOptions {
  readonly views: Views;
  readonly pools: Pick<Pools, "take" | "giveBack" | "lost" | "failed">;
  readonly pods: Pick<PodWrites, "claim" | "release">;
  readonly pause: Pause;
  /** Called with each outcome. `pod` is missing where the pool has none. */
  readonly onClaim: (view: string, outcome: ClaimOutcome, pod: PoolPod | undefined) => void;
}

/** Milliseconds in which the Event comes that tells why a Job gets no pod. */
const EVENT_TIME = 1_000;

/** A Job that may start with a pod of its template's pool. */
export interface WarmLaunch {
  readonly view: Pick<ViewState, "name" | "uid">;
  readonly templateName: string | undefined;
  readonly template: Template;
  readonly job: V1Job;
  /** Creates a form of the Job. `before` is the UID of a Job that it replaces. */
  readonly create: (job: V1Job, before?: string) => Promise<JobCreation>;
  readonly progress: LaunchProgress;
  readonly signal: AbortSignal;
}

/** `claimed`: the pool pod that the created Job has got. */
export type WarmCreation = JobCreation & { readonly claimed?: PoolPod };

/** Pods that one launch tries to claim. More misses mean that the pool is not what the snapshot shows. */
const TRIES = 5;

/**
 * Starts views with pods of their templates' pools. First the view's Job, whose pod may not be scheduled yet, then the claim:
 * the Job's name decides which gateway launches the view, and the pod's owner decides which view gets the pod.
 */
export class WarmStarts {
  readonly #options: WarmStartsOptions;

  constructor(options: WarmStartsOptions) {
    this.#options = options;
  }

  /** Creates the Job, and claims a pod for it where its template's pool has one. */
  async create(launch: WarmLaunch): Promise<WarmCreation> {
    const { pools } = this.#options;
    const { job, create } = launch;
    let pod = this.#take(launch);
    if (pod === undefined) return await create(job);
    try {
      const creation = await create(withClaimGate(job));
      if (creation.kind !== "created") return creation;
      launch.progress.waitsFor = "Kubernetes to let it claim a pod of the pool";
      for (let tries = 1; pod !== undefined; tries++) {
        const { kind } = await this.#claim(launch, creation.uid, pod);
        switch (kind) {
          case "claimed": {
            const claimed = pod;
            pod = undefined;
            return { ...creation, claimed };
          }
          case "lost":
            pools.lost(pod);
            pod = tries < TRIES ? this.#take(launch) : undefined;
            break;
          case "refused":
            pools.failed(pod.job.name);
            pools.giveBack(pod);
            pod = undefined;
            break;
          case "unavailable":
            // The claim may have succeeded. If not, whoever waits for the view releases the placeholder.
            return creation;
        }
      }
      const released = await this.#releasePlaceholder(launch, creation.uid);
      // Not before there is a placeholder: a Job of the same name that comes too soon may get no pod for minutes.
      return released?.kind === "refused" ? await create(job, creation.uid) : creation;
    } finally {
      if (pod !== undefined) pools.giveBack(pod);
    }
  }

  #take({ view, templateName, template }: WarmLaunch): PoolPod | undefined {
    if (template.warm === undefined) return undefined;
    const pod = this.#options.pools.take(templateName, template);
    if (pod === undefined) this.#options.onClaim(view.name, { kind: "empty" }, undefined);
    return pod;
  }

  async #claim({ view, job, signal }: WarmLaunch, uid: string, pod: PoolPod): Promise<ClaimedPod> {
    const labels = job.spec?.template.metadata?.labels ?? {};
    const outcome = await this.#options.pods.claim({ pod, job: { name: view.name, uid }, labels }, signal);
    this.#options.onClaim(view.name, outcome, pod);
    return outcome;
  }

  /** The view once the snapshot shows what becomes of its new Job, or that it gets no pod for a second without a cause. */
  async #shown({ name, uid }: WarmLaunch["view"], job: string, signal: AbortSignal): Promise<ViewState | undefined> {
    const { views, pause } = this.#options;
    const isOver = (state: ViewState | undefined) => !isToCome(state, uid, job);
    for (let looks = 0;; looks++) {
      const state = await views.until(name, (state) => isOver(state) || isPodless(state!), signal);
      // What replaces such a Job needs the end of this launch: see podless_jobs.ts.
      if (isOver(state) || looks > 0) return state;
      await pause(EVENT_TIME, signal);
    }
  }

  /** Lets Kubernetes schedule the Job's own pod, once the snapshot shows it: the view has a cold start. */
  async #releasePlaceholder({ view, progress, signal }: WarmLaunch, job: string): Promise<PatchedPod | undefined> {
    progress.waitsFor = "Kubernetes to create its pod";
    const state = await this.#shown(view, job, signal);
    const placeholder = state?.phase.kind === "starting" ? state.phase.placeholder : undefined;
    if (state?.uid !== view.uid || placeholder === undefined) return undefined;
    progress.waitsFor = "Kubernetes to let its pod start";
    // What fails here is done again while somebody waits: see placeholders.ts.
    return await this.#options.pods.release({ name: placeholder.podName, uid: placeholder.pod }, signal);
  }
}

/** Whether the Job controller leaves the view's Job without a pod. */
function isPodless({ phase }: ViewState): boolean {
  return phase.kind === "starting" && phase.podless === true;
}

/** Whether the snapshot does not show yet what becomes of a new Job. */
function isToCome(state: ViewState | undefined, uid: string, job: string): boolean {
  if (state?.uid !== uid) return false;
  const { phase } = state;
  const shown = phase.kind === "asleep" ? phase.ended : phase.job;
  if (shown !== job) return true;
  return phase.kind === "starting" && phase.step === "no pod" && phase.placeholder === undefined;
}
