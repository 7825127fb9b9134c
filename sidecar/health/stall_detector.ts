import type { Pause } from "../async/pause.ts";

/** Milliseconds between two beats. */
const BEAT = 1_000;

/** Milliseconds without a beat that no program with work to do takes by itself. */
const STALL = 3_000;

/** Milliseconds after a stall for which what has timed out is told by whoever waited for it. */
const AFTERMATH = 5_000;

/**
 * Whether this process was kept from running for some seconds just now, by a signal, a frozen machine or one that has too
 * much else to do. Its limits of time have passed meanwhile though nobody was slow, so that they say nothing.
 */
export class StallDetector {
  readonly #now: () => number;
  #beat: number;
  #stalled = -Infinity;

  /** @param now monotonic, in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#beat = now();
  }

  /** Beats until the signal aborts. */
  async run(pause: Pause, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.beat();
      await pause(BEAT, signal).catch(() => {});
    }
  }

  /** Says that this process runs. */
  beat(): void {
    const now = this.#now();
    if (now - this.#beat > STALL) this.#stalled = now;
    this.#beat = now;
  }

  get stalled(): boolean {
    this.beat();
    return this.#now() - this.#stalled < AFTERMATH;
  }
}
