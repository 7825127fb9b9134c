import type { V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { refusalOf } from "../kubernetes/refusal.ts";
import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import type { Pause } from "../async/pause.ts";
import { SingleFlight } from "../async/single_flight.ts";
import { digestOf, withAttempt } from "../view/attempt.ts";
import { beingDeletedCause } from "../view/deletion.ts";
import { jobOf } from "../view/job.ts";
import type { Terms } from "../view/lease.ts";
import { madeFrom, withMadeFrom } from "../view/made_from.ts";
import type { PodLake } from "../view/pod_lake.ts";
import type { Startable } from "../view/start.ts";
import type { Cause, Phase, ViewState } from "../view/state.ts";
import type { Template } from "../view/template.ts";
import type { Views } from "../view/views.ts";
import type { CreatedJob, ExistingJob } from "../view/write_outcomes.ts";
import { retryDecision, type StartFailure, startFailureOf } from "./retry_policy.ts";
import { RefusedStarts } from "./refused_starts.ts";

/** What a launch does in Kubernetes. */
export interface Jobs {
  create(job: V1Job, signal: AbortSignal): Promise<CreatedJob>;
  /** Deletes the Job if it still has this UID. One that is gone, or another's by now, is not an error. */
  delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<ExistingJob | undefined>;
}

/** How a launch came out. */
export type LaunchOutcome =
  /** The snapshot shows a new Job; `created` is the UID of the one that this launch made, if it did. */
  | { readonly kind: "launched"; readonly created: string | undefined }
  | { readonly kind: "failed"; readonly cause: Cause }
  /** It failed before, and is not tried again for so many seconds. */
  | { readonly kind: "paused"; readonly cause: Cause; readonly seconds: number }
  /** So many are under way already, or so many views are running. */
  | { readonly kind: "busy"; readonly message: string }
  /** Kubernetes cannot do its part now. */
  | { readonly kind: "unavailable"; readonly message: string }
  /** It came to no end in time; `waitedFor` is what it had not been given by then. */
  | { readonly kind: "late"; readonly seconds: number; readonly waitedFor: string }
  /** This gateway ends. */
  | { readonly kind: "stopping" }
  /** Of the gateway's own; `onFault` has been told. */
  | { readonly kind: "fault" };

/** Sees to it that a view's credentials are in the Secret that its pods mount. */
export interface Credentials {
  /** Never rejects. */
  ensure(view: ViewState): Promise<
    | { readonly kind: "ready" }
    | { readonly kind: "not needed" }
    | { readonly kind: "failed"; readonly cause: Cause }
    | { readonly kind: "unavailable"; readonly message: string }
    | { readonly kind: "fault" }
  >;
}

/** How much this gateway asks of the cluster. */
export interface LaunchLimits {
  /** Launches under way at once. */
  readonly launches: number;
  /** Views that start or are awake. */
  readonly running: number;
}

export interface LauncherOptions {
  readonly limits: LaunchLimits;
  /** How many views start or are awake. */
  readonly running: () => number;
  readonly views: Views;
  readonly jobs: Jobs;
  /** The template that a view starts from now, or why it cannot start. */
  readonly start: (view: Startable) => { readonly template: Template } | { readonly cause: Cause };
  /** Where views' pods read; undefined where there is no lake. */
  readonly podLake?: PodLake | undefined;
  readonly credentials: Credentials;
  readonly required: Readonly<Record<string, string>>;
  readonly terms: (spec: View) => Terms;
  /** Milliseconds that one launch may take until the snapshot shows its Job. */
  readonly timeout: number;
  /** Ends all launches. */
  readonly signal: AbortSignal;
  /** `uid` is the Service's. */
  readonly onOutcome: (view: string, outcome: LaunchOutcome, uid: string) => void;
  /** Told of an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly pause: Pause;
}

/** Milliseconds between looks at a Job that is being deleted and keeps its name till then. */
const NAME_TAKEN = 100;

/** Milliseconds that whoever has set a finalizer gets to take it away, before it is said to keep a Job. */
const MOMENT = 1_000;

/**
 * Creates the Job of a view that is asleep, once per view and process however many requests ask for it. Between
 * processes Kubernetes decides: the Job has the view's name.
 */
export class Launcher {
  readonly #flights = new SingleFlight<LaunchOutcome>();
  readonly #refusedStarts = new RefusedStarts();
  readonly #options: LauncherOptions;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /**
   * Launches a view, or joins the launch that is under way. It goes on when the request that asked for it hangs up.
   * Never rejects.
   */
  launch(view: ViewState): Promise<LaunchOutcome> {
    const current = this.#flights.get(view.uid);
    if (current !== undefined) return current;
    const { onOutcome } = this.#options;
    const busy = this.#busy(view);
    if (busy !== undefined) {
      onOutcome(view.name, busy, view.uid);
      return Promise.resolve(busy);
    }
    return this.#flights.run(
      view.uid,
      () => this.#launchInTime(view),
      (outcome) => onOutcome(view.name, outcome, view.uid),
    );
  }

  async #launchInTime(view: ViewState): Promise<LaunchOutcome> {
    using limit = new Deadline(this.#options.signal, this.#options.timeout);
    const progress: LaunchProgress = { waitsFor: "its template" };
    try {
      return await this.#launchOnce(view, limit.signal, progress);
    } catch (error) {
      return this.#failure(view, error, limit, progress);
    }
  }

  #failure(view: ViewState, error: unknown, limit: Deadline, { waitsFor }: LaunchProgress): LaunchOutcome {
    const { signal, timeout, onFault } = this.#options;
    if (signal.aborted) return { kind: "stopping" };
    if (limit.passed) return { kind: "late", seconds: timeout / 1000, waitedFor: waitsFor };
    if (error instanceof KubernetesError) {
      const refusal = refusalOf(error);
      return refusal.kind === "refused" ? { kind: "failed", cause: refusal.cause } : refusal;
    }
    onFault(view.name, error);
    return { kind: "fault" };
  }

  #busy({ phase }: ViewState): LaunchOutcome | undefined {
    const { limits, running } = this.#options;
    if (this.#flights.size >= limits.launches) {
      return { kind: "busy", message: `${limits.launches} other views are being launched.` };
    }
    // A view that runs already takes no other place when it is launched anew.
    if (phase.kind === "awake" || phase.kind === "starting" || running() < limits.running) return undefined;
    return { kind: "busy", message: `${limits.running} views are awake, which is the limit.` };
  }

  async #launchOnce(view: ViewState, signal: AbortSignal, progress: LaunchProgress): Promise<LaunchOutcome> {
    const before = jobOfPhase(view.phase);
    const outcome = await this.#create(view, before, signal, progress);
    progress.waitsFor = "Kubernetes to show its Job";
    // Until then the view would seem to need another launch; also while the former Job is gone and the new one unseen.
    const seen = (state: ViewState | undefined) => state?.uid !== view.uid || isNew(jobOfPhase(state.phase));
    const isNew = (job: string | undefined) => job !== undefined && job !== before;
    if (outcome.kind === "launched") await this.#options.views.until(view.name, seen, signal);
    return outcome;
  }

  async #create(
    view: ViewState,
    before: string | undefined,
    signal: AbortSignal,
    progress: LaunchProgress,
  ): Promise<LaunchOutcome> {
    const { jobs, required, terms, podLake, credentials, pause } = this.#options;
    const { name, uid: serviceUid, spec, target, phase } = view;
    if (spec === undefined) {
      const missing = { reason: "InvalidSpec", message: `View ${name} has no spec.` };
      return { kind: "failed", cause: phase.kind === "failed" ? phase.cause : missing };
    }
    const start = this.#options.start({ name, spec, target });
    if ("cause" in start) return { kind: "failed", cause: start.cause };
    const job = jobOf(start.template.job, { name, serviceUid, spec, required, terms: terms(spec), lake: podLake });
    const digest = digestOf(job);
    const failure: StartFailure | undefined = this.#refusedStarts.of(view) ?? startFailureOf(view);
    const next = retryDecision(failure, digest, this.#options.now());
    if (next.kind === "pause") return { kind: "paused", cause: next.cause, seconds: next.seconds };
    progress.waitsFor = "its credentials for the lake";
    const vended = await orAborted(credentials.ensure(view), signal);
    switch (vended.kind) {
      case "failed":
      case "unavailable":
      case "fault":
        return vended;
    }
    const made = madeFrom(spec, start.template);
    const attempt = withMadeFrom(withAttempt(job, next.failures, digest), made);
    let replace = before;
    let looks = 0;
    while (true) {
      progress.waitsFor = "Kubernetes to create its Job";
      if (replace !== undefined) await jobs.delete(name, replace, signal);
      const created = await jobs.create(attempt, signal);
      if (created.kind === "created") return { kind: "launched", created: created.uid };
      if (created.kind === "refused") {
        this.#refusedStarts.note(view, created.cause, { failures: next.failures, digest }, this.#options.now());
        return { kind: "failed", cause: created.cause };
      }
      if (created.kind === "unavailable") return created;
      const existing = await jobs.get(name, signal);
      if (existing === undefined) continue;
      if (existing.owner?.name !== name) return { kind: "failed", cause: nameTakenCause(name) };
      if (existing.deleting) {
        progress.waitsFor = "Kubernetes to delete its former Job";
        if (existing.blockingFinalizers.length > 0 && ++looks > MOMENT / NAME_TAKEN) {
          return { kind: "failed", cause: beingDeletedCause("Job", name, existing.blockingFinalizers) };
        }
        await pause(NAME_TAKEN, signal);
      } else if (existing.owner.uid !== serviceUid || existing.uid === before) replace = existing.uid;
      else return { kind: "launched", created: undefined };
    }
  }
}

/** How far a launch has come. */
interface LaunchProgress {
  /** What it has not been given yet, as the end of a sentence. */
  waitsFor: string;
}

function jobOfPhase(phase: Phase): string | undefined {
  return phase.kind === "asleep" ? phase.ended : phase.job;
}

function nameTakenCause(name: string): Cause {
  return {
    reason: "JobNameTaken",
    message: `a Job named ${name} exists that belongs to no view; delete it, or give the view another name.`,
  };
}
