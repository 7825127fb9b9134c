/** What the bench `scale` measures in a namespace of one size. */
import type { WakeTimes } from "./wake_times.ts";

/** A wake, or a creation, as the bench saw it. Moments are in milliseconds of `performance.now`. */
export interface SeenView {
  readonly asked: number;
  readonly answered: number;
  readonly times: Readonly<WakeTimes>;
}

/** By the names of processes. */
export type ByProcess = Readonly<Record<string, number>>;

export const OPERATIONS = ["creation", "event", "wake", "wake of 20 at once", "sleep", "renewal"] as const;
export type ScaleOperation = typeof OPERATIONS[number];

export interface NamespaceSample {
  /** Services in the namespace. */
  readonly size: number;
  /** Namespaces of this size in the cluster. */
  readonly namespaces: number;
  /** Seconds from the first Service until Kubernetes had done its own work for all. */
  readonly filled: number;
  /** Milliseconds of CPU for each Service while the namespaces were filled. */
  readonly fill: ByProcess;
  /** Milliseconds until a sidecar knew all views. */
  readonly starts: readonly number[];
  /** Milliseconds of CPU for such a start. */
  readonly startCost: ByProcess;
  /** Bytes of a list of all Services, and its pages. */
  readonly list: { readonly bytes: number; readonly pages: number };
  /** Bytes of etcd's database. */
  readonly database: number;
  /** Bytes of resident memory at the end. */
  readonly memory: ByProcess;
  /** Milliseconds of CPU for one operation. */
  readonly cost: Readonly<Record<ScaleOperation, ByProcess>>;
  readonly creations: readonly SeenView[];
  readonly wakes: readonly SeenView[];
  readonly together: readonly (readonly SeenView[])[];
  /** The load average of a minute, after each part. */
  readonly load: readonly number[];
}
