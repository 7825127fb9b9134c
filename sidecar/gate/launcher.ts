import { setTimeout as pause } from "node:timers/promises";
import type { V1Job } from "@kubernetes/client-node";
import type { View } from "@view-gateway/types";
import { jobOf } from "../view/job.ts";
import type { Terms } from "../view/lease.ts";
import type { Cause, Phase, ViewState } from "../view/state.ts";
import { TemplateError } from "./template.ts";

/** The snapshot of all views, and a wait for a change of one of them. */
export interface Views {
  get(name: string): ViewState | undefined;
  /** Resolves with the first state that fits, now or later; rejects with the signal's reason. */
  until(
    name: string,
    fits: (state: ViewState | undefined) => boolean,
    signal: AbortSignal,
  ): Promise<ViewState | undefined>;
}

/** What Kubernetes answered to the creation of a Job. */
export type Created =
  | { readonly kind: "created" }
  | { readonly kind: "exists" }
  | { readonly kind: "refused"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string };

/** A Job as it stands under a view's name, whoever made it. */
export interface Standing {
  readonly uid: string;
  readonly deleting: boolean;
  /** UID and name of the Service in its ownerReferences, where there is one. */
  readonly owner: { readonly uid: string; readonly name: string } | undefined;
}

/** What a launch does in Kubernetes. */
export interface Jobs {
  create(job: V1Job, signal: AbortSignal): Promise<Created>;
  /** Deletes the Job if it still has this UID. One that is gone, or another's by now, is not an error. */
  delete(name: string, uid: string, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<Standing | undefined>;
  /** Why the Job controller cannot create pods of this Job, as its last Event tells. */
  failedCreate(uid: string, signal: AbortSignal): Promise<Cause | undefined>;
}

/** How a launch came out. `launched`: there is a Job, and a pod of it. */
export type Outcome =
  | { readonly kind: "launched"; readonly created: boolean }
  | { readonly kind: "failed"; readonly cause: Cause }
  | { readonly kind: "unavailable"; readonly message: string };

export interface LauncherOptions {
  readonly views: Views;
  readonly jobs: Jobs;
  readonly template: (name: string) => Promise<V1Job>;
  readonly defaultTemplate: string;
  readonly required: Readonly<Record<string, string>>;
  readonly terms: (spec: View) => Terms;
  /** Milliseconds that one launch may take until its pod exists. */
  readonly timeout: number;
  /** Ends all launches. */
  readonly signal: AbortSignal;
  readonly onOutcome: (view: string, outcome: Outcome) => void;
}

/** Milliseconds after which a Job without a pod is worth a look at its Events. */
const POD_EXPECTED = 1_000;

/** Milliseconds between looks at a Job that is being deleted and keeps its name till then. */
const NAME_TAKEN = 100;

/**
 * Creates the Job of a view that is asleep, once per view and process however many requests ask for it. Between
 * processes Kubernetes decides: the Job has the view's name.
 */
export class Launcher {
  readonly #flights = new Map<string, Promise<Outcome>>();
  readonly #options: LauncherOptions;

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /**
   * Launches a view, or joins the launch that is under way. It goes on when the request that asked for it hangs up.
   * Never rejects.
   */
  launch(view: ViewState): Promise<Outcome> {
    const current = this.#flights.get(view.uid);
    if (current !== undefined) return current;
    const { signal, timeout, onOutcome } = this.#options;
    const flight = this.#fly(view, AbortSignal.any([signal, AbortSignal.timeout(timeout)]))
      .catch((error): Outcome => ({ kind: "unavailable", message: (error as Error).message }))
      .then((outcome) => {
        this.#flights.delete(view.uid);
        onOutcome(view.name, outcome);
        return outcome;
      });
    this.#flights.set(view.uid, flight);
    return flight;
  }

  async #fly(view: ViewState, signal: AbortSignal): Promise<Outcome> {
    const before = view.phase.kind === "starting" ? undefined : jobOfPhase(view.phase);
    let created = false;
    if (view.phase.kind !== "starting") {
      const outcome = await this.#create(view, before, signal);
      if (outcome.kind !== "launched") return outcome;
      created = outcome.created;
    }
    return await this.#untilPod(view, before, signal) ?? { kind: "launched", created };
  }

  async #create(view: ViewState, before: string | undefined, signal: AbortSignal): Promise<Outcome> {
    const { jobs, required, terms } = this.#options;
    const { name, uid: serviceUid, spec } = view;
    if (spec === undefined) {
      return { kind: "failed", cause: { reason: "InvalidSpec", message: `View ${name} has no spec.` } };
    }
    let template: V1Job;
    try {
      template = await this.#options.template(spec.template ?? this.#options.defaultTemplate);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { kind: "failed", cause: { reason: "InvalidTemplate", message: error.message } };
    }
    const job = jobOf(template, { name, serviceUid, spec, required, terms: terms(spec) });
    let replace = before;
    while (true) {
      if (replace !== undefined) await jobs.delete(name, replace, signal);
      const created = await jobs.create(job, signal);
      if (created.kind === "created") return { kind: "launched", created: true };
      if (created.kind === "refused") return { kind: "failed", cause: created.cause };
      if (created.kind === "unavailable") return created;
      const standing = await jobs.get(name, signal);
      if (standing === undefined) continue;
      if (standing.owner?.name !== name) return { kind: "failed", cause: foreign(name) };
      if (standing.deleting) await pause(NAME_TAKEN, undefined, { signal });
      else if (standing.owner.uid !== serviceUid || standing.uid === before) replace = standing.uid;
      else return { kind: "launched", created: false };
    }
  }

  /** Waits until the snapshot shows a pod of the new Job; answers the cause where there will be none. */
  async #untilPod(view: ViewState, before: string | undefined, signal: AbortSignal): Promise<Outcome | undefined> {
    const { views, jobs } = this.#options;
    const settled = (state: ViewState | undefined) => state?.uid !== view.uid || !lacksPod(state.phase, before);
    while (true) {
      try {
        await views.until(view.name, settled, AbortSignal.any([signal, AbortSignal.timeout(POD_EXPECTED)]));
        return undefined;
      } catch (error) {
        if (signal.aborted) throw error;
      }
      const phase = views.get(view.name)?.phase;
      const job = phase && jobOfPhase(phase);
      const cause = job === undefined || job === before ? undefined : await jobs.failedCreate(job, signal);
      if (cause !== undefined) return { kind: "failed", cause };
    }
  }
}

function lacksPod(phase: Phase, before: string | undefined): boolean {
  return jobOfPhase(phase) === before || phase.kind === "starting" && phase.step === "no pod";
}

function jobOfPhase(phase: Phase): string | undefined {
  return phase.kind === "asleep" ? phase.ended : phase.job;
}

function foreign(name: string): Cause {
  return {
    reason: "JobNameTaken",
    message: `a Job named ${name} exists that belongs to no view; delete it, or give the view another name.`,
  };
}
