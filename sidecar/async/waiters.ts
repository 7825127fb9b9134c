interface Waiter {
  /** Looks again; true when it waits no longer. */
  readonly look: () => boolean;
}

/** What waits for a condition on something with a name. Waking one name costs nothing to those who wait for others. */
export class Waiters {
  readonly #waiting = new Map<string, Set<Waiter>>();

  /** How many wait. */
  get size(): number {
    let size = 0;
    for (const waiting of this.#waiting.values()) size += waiting.size;
    return size;
  }

  /**
   * Resolves once `holds` returns true, which is checked now and at each wake of the name.
   * @throws the signal's reason, or what `holds` throws
   */
  async until(name: string, holds: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (holds()) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      look: () => {
        try {
          if (!holds()) return false;
          resolve();
        } catch (error) {
          reject(error);
        }
        return true;
      },
    };
    const onAbort = () => {
      this.#remove(name, waiter);
      reject(signal.reason);
    };
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, new Set([waiter]));
    else waiting.add(waiter);
    signal.addEventListener("abort", onAbort);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Lets all who wait for this name look again. */
  wake(name: string): void {
    // One that begins to wait meanwhile has just looked.
    for (const waiter of [...this.#waiting.get(name) ?? []]) {
      if (waiter.look()) this.#remove(name, waiter);
    }
  }

  wakeAll(): void {
    for (const name of [...this.#waiting.keys()]) this.wake(name);
  }

  #remove(name: string, waiter: Waiter): void {
    const waiting = this.#waiting.get(name);
    waiting?.delete(waiter);
    if (waiting?.size === 0) this.#waiting.delete(name);
  }
}
