/** Those who wait for something about a name. Waking one name costs nothing to those who wait for others. */
export class Waits {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** How many wait. */
  get size(): number {
    let size = 0;
    for (const waiting of this.#waiting.values()) size += waiting.size;
    return size;
  }

  /**
   * Resolves once `done` answers true, which is asked now and at each `wake` of the name; rejects with what `done` throws,
   * or with the signal's reason.
   */
  async until(name: string, done: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (done()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      try {
        if (done()) resolve();
      } catch (error) {
        reject(error);
      }
    };
    const abort = () => reject(signal.reason);
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting.add(look));
    signal.addEventListener("abort", abort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", abort);
      waiting.delete(look);
      if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
    }
  }

  wake(name: string): void {
    for (const look of this.#waiting.get(name) ?? []) look();
  }

  wakeAll(): void {
    for (const name of this.#waiting.keys()) this.wake(name);
  }
}
