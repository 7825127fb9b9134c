/** This folder launches views: it limits and retries launches, and keeps the causes of failures. */
import type { View } from "@view-gateway/types";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { refusalOf } from "../kubernetes/refusal.ts";
import { Deadline } from "../async/deadline.ts";
import { orAborted } from "../async/or_aborted.ts";
import { SingleFlight } from "../async/single_flight.ts";
import { digestOf, withAttempt } from "../view/attempt.ts";
import type { PoolPod } from "../view/claim.ts";
import { jobOf } from "../view/job.ts";
import type { Terms } from "../view/lease.ts";
import { madeFrom, withMadeFrom } from "../view/made_from.ts";
import type { PodLake } from "../view/pod_lake.ts";
import type { Startable } from "../view/start.ts";
import type { Cause, ViewPhase, ViewState } from "../view/state.ts";
import type { Template } from "../view/template.ts";
import type { Views } from "../view/views.ts";
import { createJob, type LaunchJobs, type LaunchProgress } from "./job_creation.ts";
import { retryDecision, type StartFailure, startFailureOf } from "./retry_policy.ts";
import { RefusedStarts } from "./refused_starts.ts";
import { type WarmCreation, WarmStarts, type WarmStartsOptions } from "./warm_starts.ts";

/** The outcome of a launch. */
export type LaunchOutcome =
  /**
   * The snapshot shows a new Job. `created` is the UID of the one that this launch made, if it did; `claimed` is the pool pod
   * that it has got.
   */
  | { readonly kind: "launched"; readonly created: string | undefined; readonly claimed?: PoolPod }
  | { readonly kind: "failed"; readonly cause: Cause }
  /** An earlier start failed. The next attempt may come after these seconds. */
  | { readonly kind: "paused"; readonly cause: Cause; readonly seconds: number }
  /** Too many launches are under way, or too many views run. */
  | { readonly kind: "busy"; readonly message: string }
  /** Kubernetes cannot create the Job now. */
  | { readonly kind: "unavailable"; readonly message: string }
  /** It took too long; `waitedFor` is what it was waiting for. */
  | { readonly kind: "late"; readonly seconds: number; readonly waitedFor: string }
  /** The sidecar stops. */
  | { readonly kind: "stopping" }
  /** An error in the gateway, which `onFault` got. */
  | { readonly kind: "fault" };

/** Provides views' credentials for the lake. */
export interface LaunchCredentials {
  /** Never rejects. */
  ensure(view: ViewState): Promise<
    | { readonly kind: "ready" }
    | { readonly kind: "not needed" }
    | { readonly kind: "failed"; readonly cause: Cause }
    | { readonly kind: "unavailable"; readonly message: string }
    | { readonly kind: "fault" }
  >;
}

/** The load that this gateway may put on the cluster. */
export interface LaunchLimits {
  /** Launches at once. */
  readonly launches: number;
  /** Views that are starting or awake. */
  readonly running: number;
}

export interface LauncherOptions extends WarmStartsOptions {
  readonly limits: LaunchLimits;
  /** How many views are starting or awake. */
  readonly running: () => number;
  readonly views: Views;
  readonly jobs: LaunchJobs;
  /** The template that a view starts from, or why it cannot start. */
  readonly start: (view: Startable) => { readonly template: Template } | { readonly cause: Cause };
  /** The lake as pods reach it; undefined where there is none. */
  readonly podLake?: PodLake | undefined;
  readonly credentials: LaunchCredentials;
  readonly required: Readonly<Record<string, string>>;
  readonly terms: (spec: View) => Terms;
  /** Milliseconds that one launch may take until the snapshot shows its Job. */
  readonly timeout: number;
  /** Ends all launches. */
  readonly signal: AbortSignal;
  /** Called with each outcome. `uid` is the Service's. */
  readonly onOutcome: (view: string, outcome: LaunchOutcome, uid: string) => void;
  /** Called with an error that is the gateway's own fault. */
  readonly onFault: (view: string, error: unknown) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Creates the Jobs of views that are asleep. All requests for a view in this process share one launch. Between processes
 * Kubernetes decides, because the Job has the view's name.
 */
export class Launcher {
  readonly #flights = new SingleFlight<LaunchOutcome>();
  readonly #refusedStarts = new RefusedStarts();
  readonly #warmStarts: WarmStarts;
  readonly #options: LauncherOptions;

  constructor(options: LauncherOptions) {
    this.#options = options;
    this.#warmStarts = new WarmStarts(options);
  }

  /**
   * Launches a view, or joins the launch that is under way. The launch continues when its request is gone. Never rejects.
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
      return {
        kind: "busy",
        message: `The gateway already launches ${limits.launches} other views, which is the limit.`,
      };
    }
    // The launch of a view that runs already replaces its Job, so it needs no further place.
    if (phase.kind === "awake" || phase.kind === "starting" || running() < limits.running) return undefined;
    return { kind: "busy", message: `${limits.running} views are awake, which is the limit.` };
  }

  async #launchOnce(view: ViewState, signal: AbortSignal, progress: LaunchProgress): Promise<LaunchOutcome> {
    const before = jobOfPhase(view.phase);
    const outcome = await this.#create(view, before, signal, progress);
    progress.waitsFor = "Kubernetes to show its Job";
    // Until the snapshot shows the new Job, the view would seem to need another launch.
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
    const source = madeFrom(spec, start.template);
    const attempt = withMadeFrom(withAttempt(job, next.failures, digest), source);
    return this.#outcomeOf(
      view,
      await this.#warmStarts.create({
        ...{ view, templateName: spec.template, template: start.template, job: attempt, progress, signal },
        create: (job, replaced = before) => createJob(job, view, replaced, { jobs, pause, progress, signal }),
      }),
      { failures: next.failures, digest },
    );
  }

  #outcomeOf(
    view: ViewState,
    creation: WarmCreation,
    attempt: { readonly failures: number; readonly digest: string },
  ): LaunchOutcome {
    switch (creation.kind) {
      case "created":
        return { kind: "launched", created: creation.uid, ...creation.claimed && { claimed: creation.claimed } };
      case "joined":
        return { kind: "launched", created: undefined };
      case "refused":
        this.#refusedStarts.record(view, { cause: creation.cause, ...attempt, now: this.#options.now() });
        return { kind: "failed", cause: creation.cause };
      default:
        return creation;
    }
  }
}

function jobOfPhase(phase: ViewPhase): string | undefined {
  return phase.kind === "asleep" ? phase.ended : phase.job;
}
