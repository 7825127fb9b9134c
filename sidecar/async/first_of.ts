import { Deadline } from "./deadline.ts";

/**
 * Settles as the first of these waits does. It aborts the others by their signal, and returns when all have ended. The
 * given signal aborts all of them.
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

const SETTLED = new DOMException("Another wait has ended.", "AbortError");
