import type { Time } from "../async/time.ts";

export interface ProberOptions {
  /** Sends a request to the API server: resolves with any response, rejects without one. */
  readonly probe: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds between probes. Default: 5,000. */
  readonly interval?: number;
  readonly time: Pick<Time, "clock" | "pause">;
}

/**
 * Detects an API server that went silent: a frozen machine or a broken network closes no connection. One prober serves all
 * watches.
 */
export class Prober {
  readonly #options: ProberOptions;
  readonly #listeners = new Set<(since: number) => void>();
  #reachable: boolean | undefined;
  #lastHeardAt: number | undefined;

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Whether the last probe got a response; undefined before the first. */
  get reachable(): boolean | undefined {
    return this.#reachable;
  }

  get lastHeardAt(): number | undefined {
    return this.#lastHeardAt;
  }

  /** Calls the listener for each probe without a response, with the time at which it began. Returns the unsubscribe function. */
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
