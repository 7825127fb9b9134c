import { setImmediate, setTimeout } from "node:timers/promises";

/** Resolves after this many milliseconds; rejects when the signal aborts first. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The longest pause, in milliseconds: what a timer takes. */
export const LONGEST_PAUSE = 2 ** 31 - 1;

/** The pause of real time. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(milliseconds, undefined, signal && { signal });
}

/** Lets the event loop run other work. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}
