import type { Time } from "../async/time.ts";

export interface ProberOptions {
  /** Asks the API server for a sign of life: resolves with any answer, rejects without one. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds between probes. Default: 5,000. */
  readonly interval?: number;
  readonly time: Pick<Time, "clock" | "pause">;
}

/**
 * Notices an API server that went silent: a peer that is frozen, or behind a black hole, ends no connection. One prober
 * serves all watches.
 */
export class Prober {
  readonly #options: ProberOptions;
  readonly #listeners = new Set<(since: number) => void>();
  #reachable: boolean | undefined;
  #lastHeardAt: number | undefined;

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Whether the last probe was answered; undefined before the first. */
  get reachable(): boolean | undefined {
    return this.#reachable;
  }

  get lastHeardAt(): number | undefined {
    return this.#lastHeardAt;
  }

  /** Calls the listener for each probe that was not answered, with the time at which it began. Returns its end. */
  onSilence(listener: (since: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Probes until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { probe, interval = 5_000, time } = this.#options;
    while (!signal.aborted) {
      const since = time.clock();
      try {
        await probe(signal);
        this.#reachable = true;
        this.#lastHeardAt = time.clock();
      } catch {
        if (signal.aborted) return;
        this.#reachable = false;
        for (const listener of this.#listeners) listener(since);
      }
      await time.pause(interval, signal).catch(() => undefined);
    }
  }
}
