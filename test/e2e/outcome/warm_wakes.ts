import { setTimeout as pause } from "node:timers/promises";
import { type V1Job, Watch } from "@kubernetes/client-node";
import { config, NAME_LABEL } from "../cluster/cluster.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Pool } from "../gateway/pool.ts";
import type { Replica } from "../gateway/replica.ts";
import type { View } from "../gateway/view.ts";
import { until } from "../until.ts";
import { servingPodsOf } from "./serving_pods.ts";
import { Tally } from "./tally.ts";

/** Milliseconds in which a pool is full again after a fault. */
const REFILL = 90_000;

/** Views that wake from warm pools in waves. What clients and Kubernetes see is counted. */
export class WarmWakes implements AsyncDisposable {
  readonly tally = new Tally();
  readonly views: readonly View[];
  /** How many pods of awake views came from each pool. */
  readonly claimed: Record<string, number> = {};
  /** How many awake views had a pod of their own. */
  started = 0;
  /** A line for each view that did not get exactly one pod. */
  readonly wrong: string[] = [];
  /** Milliseconds until each answer. */
  readonly #times: number[] = [];
  /** Pods that answered, by view. */
  readonly #answered = new Map<string, Set<string>>();
  /** UIDs of Jobs, by view. */
  readonly #jobs = new Map<string, Set<string>>();
  #woken = 0;
  #watch: { abort(): void } | undefined;

  private constructor(views: readonly View[]) {
    this.views = views;
  }

  /** Creates the views, in turns from each pool. */
  static async of(pools: readonly Pool[], count: number): Promise<WarmWakes> {
    const views: View[] = [];
    while (views.length < count) {
      const some = Math.min(20, count - views.length);
      const create = (_: unknown, i: number) => pools[(views.length + i) % pools.length]!.create("claims");
      views.push(...await Promise.all(Array.from({ length: some }, create)));
    }
    const wakes = new WarmWakes(views);
    await wakes.#watchJobs(views[0]!.gateway);
    return wakes;
  }

  /** Whether there are views that have not been woken. */
  get more(): boolean {
    return this.#woken < this.views.length;
  }

  /** How many awake views had a claimed pod. */
  get warm(): number {
    return Object.values(this.claimed).reduce((sum, count) => sum + count, 0);
  }

  /** How many views were answered by more than one pod. */
  get twice(): number {
    return [...this.#answered.values()].filter((pods) => pods.size > 1).length;
  }

  /** The most milliseconds until an answer. */
  get longest(): number {
    return Math.max(0, ...this.#times);
  }

  /** What a line about the fault tells. */
  get counts(): Readonly<Record<string, number>> {
    const times = this.#times.toSorted((a, b) => a - b);
    return {
      "views with a claimed pod": this.warm,
      "with their own": this.started,
      "answered by two pods": this.twice,
      "without exactly one pod": this.wrong.length,
      "most Jobs of a view": Math.max(0, ...[...this.#jobs.values()].map((uids) => uids.size)),
      "ms until an answer: median": Math.round(times[Math.floor(times.length / 2)] ?? 0),
      longest: Math.round(this.longest),
    };
  }

  /** Wakes the next views, and looks at their pods. Then it deletes them, to make room. */
  async wave(count: number): Promise<void> {
    const views = this.next(count);
    await this.wake(views);
    await this.settle(views);
  }

  /** The next views to wake. */
  next(count: number): readonly View[] {
    const views = this.views.slice(this.#woken, this.#woken + count);
    this.#woken += views.length;
    return views;
  }

  /**
   * Asks each view through all gateways at once. Resolves when all requests are answered.
   * @param every milliseconds between two views
   */
  async wake(views: readonly View[], every = 0): Promise<void> {
    await Promise.all(views.map(async (view, i) => {
      await pause(i * every);
      const { replicas } = view.gateway;
      // Another gateway is first for each view.
      const turned = replicas.map((_, j) => replicas[(i + j) % replicas.length]!);
      await Promise.all(turned.map((replica) => this.#ask(view, replica)));
    }));
  }

  /** Looks at the pods of views that are awake, and deletes these views. */
  async settle(views: readonly View[]): Promise<void> {
    const { claimed, started, wrong } = await servingPodsOf(views);
    for (const [pool, count] of Object.entries(claimed)) this.claimed[pool] = (this.claimed[pool] ?? 0) + count;
    this.started += started;
    this.wrong.push(...wrong);
    await Promise.all(views.map((view) => view.delete()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch?.abort();
    await Promise.all(this.views.map((view) => view.delete()));
  }

  async #ask(view: View, replica: Replica): Promise<void> {
    const began = performance.now();
    const answer = await this.tally.count(view.askThrough(replica, { path: "/whoami" }));
    this.#times.push(performance.now() - began);
    if (answer?.status === 200) add(this.#answered, view.name, answer.json().pod);
  }

  async #watchJobs({ viewsNamespace }: Gateway): Promise<void> {
    this.#watch = await new Watch(config).watch(
      `/apis/batch/v1/namespaces/${viewsNamespace}/jobs`,
      { labelSelector: NAME_LABEL },
      (_type, { metadata }: V1Job) => {
        const view = metadata?.labels?.[NAME_LABEL];
        if (view !== undefined) add(this.#jobs, view, metadata!.uid!);
      },
      () => {},
    );
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

/** Waits until Kubernetes has all pods of a pool ready. Gateways may not run meanwhile. */
export async function refilled(pool: Pool): Promise<void> {
  const full = async () => (await pool.pods()).length >= pool.size;
  await until(`the pool of ${pool.template} is full again`, full, { within: REFILL, every: 250 });
}
