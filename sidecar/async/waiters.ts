interface Waiter<T> {
  /** Whether it is done with, given this state. */
  readonly look: (state: T | undefined) => boolean;
}

/** Those who wait for a state of one thing or another; a change of one thing wakes only those who wait for it. */
export class Waiters<T> {
  readonly #waiting = new Map<string, Set<Waiter<T>>>();

  /** Shows a state to all who wait for this thing. */
  tell(name: string, state: T | undefined): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) return;
    for (const waiter of waiting) {
      if (waiter.look(state)) waiting.delete(waiter);
    }
    if (waiting.size === 0) this.#waiting.delete(name);
  }

  /** Resolves with the first state told that fits; rejects with the signal's reason, or with what `fits` throws. */
  until(name: string, fits: (state: T | undefined) => boolean, signal: AbortSignal): Promise<T | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    const onAbort = () => {
      this.#leave(name, waiter);
      reject(signal.reason);
    };
    const done = () => {
      signal.removeEventListener("abort", onAbort);
      return true;
    };
    const waiter: Waiter<T> = {
      look: (state) => {
        try {
          if (!fits(state)) return false;
          resolve(state);
        } catch (error) {
          reject(error);
        }
        return done();
      },
    };
    signal.addEventListener("abort", onAbort);
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, new Set([waiter]));
    else waiting.add(waiter);
    return promise;
  }

  #leave(name: string, waiter: Waiter<T>): void {
    const waiting = this.#waiting.get(name);
    waiting?.delete(waiter);
    if (waiting?.size === 0) this.#waiting.delete(name);
  }
}
