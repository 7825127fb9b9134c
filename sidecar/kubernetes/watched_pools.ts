import { Map as ImmutableMap } from "immutable";
import type { Time } from "../async/time.ts";
import { aborted } from "../async/aborted.ts";
import { POOL_LABEL } from "../view/labels.ts";
import type { FailedCreateObject, PodObject } from "../view/objects.ts";
import { NO_POOL_OBJECTS, type PoolJobObject, type PoolObjects } from "../view/pool_objects.ts";
import type { Prober } from "./prober.ts";
import type { Transport } from "./transport.ts";
import { Reflector, type Timing } from "./watch/reflector.ts";
import {
  type Identified,
  poolFailedCreates,
  poolJobs,
  poolPods,
  type WatchedResource,
} from "./watch/watched_resource.ts";

export interface WatchedPoolsOptions {
  readonly transport: Transport;
  readonly prober: Pick<Prober, "onSilence">;
  readonly namespace: string;
  /** Labels that the configured selector requires. */
  readonly required: Readonly<Record<string, string>>;
  /** Called after each change of a Job, a pod or an Event. */
  readonly onChange: (type: keyof PoolObjects) => void;
  /** Reports each failure of a watch, which goes on. */
  readonly onProblem: (message: string, error: unknown) => void;
  readonly time: Time;
  readonly timing?: Partial<Timing>;
}

/** The Jobs and pods of warm pools, as they are now. The snapshot of views has none of them. */
export class WatchedPools {
  readonly #options: WatchedPoolsOptions;
  readonly #reflectors;
  #jobs = ImmutableMap<string, PoolJobObject>();
  #pods = ImmutableMap<string, PodObject>();
  #failedCreates = ImmutableMap<string, FailedCreateObject>();
  #objects: PoolObjects | undefined = NO_POOL_OBJECTS;
  #synced = false;

  constructor(options: WatchedPoolsOptions) {
    this.#options = options;
    const required = Object.entries(options.required).map(([label, value]) => `${label}=${value}`);
    const selector = [POOL_LABEL, ...required].join(",");
    this.#reflectors = {
      jobs: this.#reflector(poolJobs, { selector }, "jobs", (name, job) => {
        this.#jobs = job === undefined ? this.#jobs.delete(name) : this.#jobs.set(name, job);
      }),
      pods: this.#reflector(poolPods, { selector }, "pods", (name, pod) => {
        this.#pods = pod === undefined ? this.#pods.delete(name) : this.#pods.set(name, pod);
      }),
      events: this.#reflector(
        poolFailedCreates,
        // An Event does not have its object's labels.
        { selector: "", fieldSelector: "involvedObject.kind=Job,reason=FailedCreate" },
        "failedCreates",
        (name, event) => {
          this.#failedCreates = event === undefined
            ? this.#failedCreates.delete(name)
            : this.#failedCreates.set(name, event);
        },
      ),
    };
  }

  /** The present snapshot. */
  get objects(): PoolObjects {
    return this.#objects ??= {
      jobs: [...this.#jobs.values()],
      pods: [...this.#pods.values()],
      failedCreates: [...this.#failedCreates.values()].sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
    };
  }

  /** Whether the snapshot has all Jobs and pods that there were when the watches began. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Watches until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { jobs, pods, events } = this.#reflectors;
    const watching = Promise.all([jobs, pods, events].map((reflector) => reflector.run(signal)));
    await Promise.race([aborted(signal), Promise.all([jobs.synced, pods.synced])]);
    if (!signal.aborted) {
      this.#synced = true;
      this.#options.onChange("jobs");
    }
    await watching;
  }

  #reflector<Raw, Kept extends Identified>(
    resource: WatchedResource<Raw, Kept>,
    select: { readonly selector: string; readonly fieldSelector?: string },
    type: keyof PoolObjects,
    set: (name: string, object: Kept | undefined) => void,
  ): Reflector<Raw, Kept> {
    const { required: _required, onChange, ...options } = this.#options;
    return new Reflector({
      ...options,
      ...select,
      resource,
      onChange: (_label, before, after) => {
        const name = (after ?? before)?.name;
        if (name === undefined) return;
        set(name, after);
        this.#objects = undefined;
        onChange(type);
      },
    });
  }
}
