import type { Counters, Reflector, ReflectorState } from "./reflector.ts";
import type { Identified, WatchedObjects } from "./watched_resource.ts";

export interface WatchHealth {
  readonly state: ReflectorState;
  /** Seconds since the watch last received anything; Infinity if it never did. */
  readonly age: number;
  readonly objects: number;
  readonly counters: Readonly<Counters>;
}

export interface KubernetesHealth {
  /** Whether the API server responded to the last probe. */
  readonly reachable: boolean;
  readonly watches: Readonly<Record<keyof WatchedObjects | "configmaps", WatchHealth>>;
}

/** What a reflector says of itself. */
export type HearingReflector = Pick<Reflector<never, Identified>, "state" | "lastHeardAt" | "size" | "counters">;

/** @param now of the reflector's clock, in milliseconds */
export function watchHealth(reflector: HearingReflector, now: number): WatchHealth {
  const { state, lastHeardAt = -Infinity, size, counters } = reflector;
  return { state, age: (now - lastHeardAt) / 1000, objects: size, counters: { ...counters } };
}
