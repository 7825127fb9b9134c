import { setImmediate, setTimeout } from "node:timers/promises";

/** Resolves after this many milliseconds; rejects when the signal aborts first. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** The pause of real time. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return setTimeout(milliseconds, undefined, signal && { signal });
}

/** Lets the event loop run other work. */
export function nextTurn(): Promise<void> {
  return setImmediate();
}
