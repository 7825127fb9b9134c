import type { Pause } from "../async/pause.ts";

/** Milliseconds between two beats. */
const BEAT = 1_000;

/** Milliseconds without a beat after which the process has stalled. Its own work takes less. */
const STALL = 3_000;

/** Milliseconds after a stall in which time-outs of the stall may still be reported. */
const AFTERMATH = 5_000;

/**
 * Notices that this process did not run for some seconds: it was suspended, or its machine was frozen or overloaded.
 * Time-outs that passed meanwhile prove nothing, as nothing that they watched was slow.
 */
export class StallDetector {
  readonly #clock: () => number;
  #beat: number;
  #stalled = -Infinity;

  /** @param clock monotonic, in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#beat = clock();
  }

  /** Beats until the signal aborts. */
  async run(pause: Pause, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.beat();
      await pause(BEAT, signal).catch(() => {});
    }
  }

  /** Notes that this process runs. */
  beat(): void {
    const now = this.#clock();
    if (now - this.#beat > STALL) this.#stalled = now;
    this.#beat = now;
  }

  get stalled(): boolean {
    this.beat();
    return this.#clock() - this.#stalled < AFTERMATH;
  }
}
