/**
 * How the first of these waits comes out, well or not. It ends the others, each by a signal that also aborts with the
 * one given, and nothing of them is left then.
 */
export async function firstOf(
  signal: AbortSignal,
  ...waits: readonly ((signal: AbortSignal) => Promise<unknown>)[]
): Promise<void> {
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  const waiting = waits.map((wait) => wait(either));
  try {
    await Promise.race(waiting);
  } finally {
    settled.abort();
    await Promise.allSettled(waiting);
  }
}
