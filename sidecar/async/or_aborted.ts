/** Settles with the promise, or rejects with the signal's reason if that comes first. A later failure is ignored. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: abort, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([abort, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
