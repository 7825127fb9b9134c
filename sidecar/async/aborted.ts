/** Resolves when the signal aborts. Use `orAborted` for a wait that may end earlier, as this one keeps its listener. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
