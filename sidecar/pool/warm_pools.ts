import type { PoolPod } from "../view/claim.ts";
import type { PoolObjects } from "../view/pool_objects.ts";
import { claimablePods } from "../view/pool_pods.ts";
import type { Template } from "../view/template.ts";
import type { Pools } from "./pools.ts";
import { Rests } from "./rests.ts";

export interface WarmPoolsOptions {
  /** The snapshot of pools. */
  readonly objects: () => PoolObjects;
  /** Value of the label of this template's pool; undefined if it has none. */
  readonly labelOf: (templateName: string | undefined, template: Template) => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** The pools as launches see them: which pods they have, which are taken in this process, and which pools rest. */
export class WarmPools implements Pools {
  readonly #options: WarmPoolsOptions;
  /** UIDs. Those of pods that have left their pool are forgotten. */
  readonly #taken = new Set<string>();
  /** By the name of the pool's Job. Those of Jobs that are gone are forgotten. */
  readonly #rests: Rests;
  /** Pods that were lost, by UID. Those that have left their pool are forgotten. */
  readonly #lost: Rests;

  constructor(options: WarmPoolsOptions) {
    this.#options = options;
    this.#rests = new Rests(options.clock);
    this.#lost = new Rests(options.clock);
  }

  /** Random, so that several gateways rarely want the same pod. */
  take(templateName: string | undefined, template: Template): PoolPod | undefined {
    const { objects, labelOf, now, random } = this.#options;
    const label = labelOf(templateName, template);
    if (label === undefined) return undefined;
    const free = claimablePods(objects(), label, now()).filter(({ pod, job }) =>
      !this.#taken.has(pod.uid) && !this.#lost.isResting(pod.uid) && !this.#rests.isResting(job.name)
    );
    const chosen = free[Math.floor(random() * free.length)];
    if (chosen === undefined) return undefined;
    const { pod: { name, uid }, job } = chosen;
    this.#taken.add(uid);
    return { name, uid, job: { name: job.name, uid: job.uid } };
  }

  giveBack({ uid }: PoolPod): void {
    this.#taken.delete(uid);
  }

  lost({ uid }: PoolPod): void {
    this.#taken.delete(uid);
    if (this.#options.objects().pods.some((pod) => pod.uid === uid)) this.#lost.failed(uid);
  }

  failed(pool: string): void {
    if (this.#options.objects().jobs.some(({ name }) => name === pool)) this.#rests.failed(pool);
  }

  worked(pool: string): void {
    this.#rests.worked(pool);
  }

  /** Forgets pods and pools that are gone. Called after each change of the snapshot. */
  changed(): void {
    // Most changes meet nothing to forget, and the whole snapshot is not worth a look at each pod's.
    if (this.#taken.size + this.#lost.size + this.#rests.size === 0) return;
    const { pods, jobs } = this.#options.objects();
    const uids = new Set(pods.map(({ uid }) => uid));
    for (const uid of this.#taken) if (!uids.has(uid)) this.#taken.delete(uid);
    this.#lost.retain(uids);
    this.#rests.retain(new Set(jobs.map(({ name }) => name)));
  }
}
