import { Deadline } from "./deadline.ts";

/**
 * How the first of these waits comes out, well or not. It ends the others, each by a signal that also aborts with the
 * one given, and nothing of them is left then.
 */
export async function firstOf(
  signal: AbortSignal,
  ...waits: readonly ((signal: AbortSignal) => Promise<unknown>)[]
): Promise<void> {
  using either = new Deadline(signal);
  const waiting = waits.map((wait) => wait(either.signal));
  try {
    await Promise.race(waiting);
  } finally {
    either.abort(SETTLED);
    await Promise.allSettled(waiting);
  }
}

const SETTLED = new DOMException("Another wait has come out.", "AbortError");
