import type { V1Job } from "@kubernetes/client-node";
import { Deadline } from "../async/deadline.ts";
import type { Time } from "../async/time.ts";
import { poolJobNamed, type WarmPool } from "../view/pool_job.ts";
import type { PoolObjects } from "../view/pool_objects.ts";
import { type PoolStep, poolSteps, type PoolTrouble, poolTroubles } from "../view/pool_steps.ts";
import type { CreatedJob, RenewedJob } from "../view/write_outcomes.ts";
import { Rests } from "./rests.ts";

/** The writes of pools' Jobs. They reject only when the signal aborts. */
export interface PoolWrites {
  create(job: V1Job, signal: AbortSignal): Promise<CreatedJob>;
  renew(
    name: string,
    job: { readonly uid: string; readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<RenewedJob>;
  /** Lets Kubernetes end the pods of the Job that has this UID, and start none. */
  stopPods(name: string, uid: string, signal: AbortSignal): Promise<RenewedJob>;
}

/** What a keeper did, as its log tells it. */
export interface PoolWritten {
  readonly step: PoolStep;
  readonly outcome: CreatedJob | RenewedJob;
}

export interface PoolKeeperOptions {
  readonly jobs: PoolWrites;
  /** The pools that the present templates ask for. */
  readonly wanted: () => readonly WarmPool[];
  /** The snapshot of pools; undefined before the first whole one. */
  readonly objects: () => PoolObjects | undefined;
  readonly onWritten: (written: PoolWritten) => void;
  /** A pool lacks pods. Called once for each Job and reason. */
  readonly onTrouble: (trouble: PoolTrouble) => void;
  /** An error that is the gateway's own fault. The keeper goes on. */
  readonly onFault: (error: unknown) => void;
  readonly time: Pick<Time, "now" | "clock" | "pause" | "random">;
}

/** Milliseconds between two looks at the pools, if nothing changes; half of it is random. */
const INTERVAL = 20_000;

/** Milliseconds, random, after a change. So mostly one gateway is first, and the others see what it did. */
const SPREAD = 1_000;

/** Milliseconds in which the watch has to show a Job that was created, before another one is. */
const UNSEEN = 60_000;

/**
 * Brings Kubernetes to the pools that the templates ask for, again and again. Each gateway does it alone: a write that another
 * one did first has no effect. A failure concerns pools alone.
 */
export class PoolKeeper {
  readonly #options: PoolKeeperOptions;
  /** What was told of the Jobs that are still there, by their UID. */
  readonly #told = new Map<string, Set<string>>();
  /** Labels of pools whose Job could not be created. */
  readonly #rests: Rests;
  /**
   * Labels of pools whose Job was created, and is not in the snapshot. A second one has another name, so only this keeps a late
   * watch from creating one after another.
   */
  readonly #unseen: Rests;
  /** Names of these Jobs, by the pool's label. */
  readonly #created = new Map<string, string>();
  #change = Promise.withResolvers<void>();

  constructor(options: PoolKeeperOptions) {
    this.#options = options;
    this.#rests = new Rests(options.time.clock);
    this.#unseen = new Rests(options.time.clock, UNSEEN);
  }

  /** The templates, or a pool, have changed. */
  changed(): void {
    // Somebody may delete a Job before the next look.
    if (this.#created.size === 0) return this.#change.resolve();
    for (const { label, name } of this.#options.objects()?.jobs ?? []) {
      if (this.#created.get(label) !== name) continue;
      this.#created.delete(label);
      this.#unseen.worked(label);
    }
    this.#change.resolve();
  }

  /** Keeps the pools until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { random, pause } = this.#options.time;
    while (!signal.aborted) {
      try {
        await this.#untilDue(signal);
        await pause(SPREAD * random(), signal);
        await this.#look(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.onFault(error);
      }
    }
  }

  /** Waits for a change, or for the time of the next look. */
  async #untilDue(signal: AbortSignal): Promise<void> {
    const { random, pause } = this.#options.time;
    using waiting = new Deadline(signal);
    const due = pause(INTERVAL * (0.5 + random() / 2), waiting.signal).catch(() => {});
    await Promise.race([this.#change.promise, due]);
    waiting.abort(new Error("The wait is over."));
    await due;
    this.#change = Promise.withResolvers();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { wanted, objects, time } = this.#options;
    const present = objects();
    if (present === undefined) return;
    const [pools, now] = [wanted(), time.now()];
    this.#tell(poolTroubles(pools, present, now), present);
    const missing = new Set(
      poolSteps(pools, present, now).flatMap((step) => step.kind === "create" ? step.pool.label : []),
    );
    for (const rests of [this.#rests, this.#unseen]) rests.retain(missing);
    for (const label of this.#created.keys()) if (!missing.has(label)) this.#created.delete(label);
    for (const pool of pools) {
      // Other gateways write too, while this one waits for Kubernetes.
      const steps = poolSteps([pool], objects() ?? present, time.now());
      for (const step of steps) if (!this.#isResting(step)) await this.#take(step, signal);
    }
  }

  #isResting(step: PoolStep): boolean {
    return step.kind === "create" && [this.#rests, this.#unseen].some((rests) => rests.isResting(step.pool.label));
  }

  /** Tells each reason, and that it is stopped, once in a Job's life. */
  #tell(troubles: readonly PoolTrouble[], { jobs }: PoolObjects): void {
    const uids = new Set(jobs.map(({ uid }) => uid));
    for (const uid of this.#told.keys()) if (!uids.has(uid)) this.#told.delete(uid);
    for (const trouble of troubles) {
      const told = this.#told.get(trouble.job.uid) ?? new Set();
      const what = trouble.stopped ? "stopped" : trouble.cause.reason;
      if (!told.has(what)) this.#options.onTrouble(trouble);
      this.#told.set(trouble.job.uid, told.add(what));
    }
  }

  async #take(step: PoolStep, signal: AbortSignal): Promise<void> {
    const outcome = await this.#write(step, signal);
    if (step.kind === "create" && outcome.kind === "created") this.#awaitShown(step);
    else if (step.kind === "create") this.#rests.failed(step.pool.label);
    this.#options.onWritten({ step, outcome });
  }

  #awaitShown({ pool: { label }, name }: PoolStep & { readonly kind: "create" }): void {
    this.#unseen.failed(label);
    this.#created.set(label, name);
    // The snapshot may have it before the answer comes.
    this.changed();
  }

  #write(step: PoolStep, signal: AbortSignal): Promise<CreatedJob | RenewedJob> {
    const { jobs } = this.#options;
    switch (step.kind) {
      case "create":
        return jobs.create(poolJobNamed(step.pool, step.name), signal);
      case "renew":
        return jobs.renew(step.job.name, { uid: step.job.uid, from: step.from, to: step.to }, signal);
      case "stop":
        return jobs.stopPods(step.job.name, step.job.uid, signal);
    }
  }
}
