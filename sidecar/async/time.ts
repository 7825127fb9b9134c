/** This folder has what waits, limits and repeats. It knows nothing of views. */
import { type Pause, pause } from "./pause.ts";

/** The clocks, pauses and random numbers of all that waits and repeats; a test gives its own. */
export interface Time {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly pause: Pause;
}

/** The time of the machine. */
export const systemTime: Time = { now: Date.now, clock: () => performance.now(), random: Math.random, pause };
