export interface RateOptions {
  /** How often in one moment. */
  readonly burst: number;
  /** How often in the long run. */
  readonly perSecond: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

/** Bounds how often something is done. */
export class Rate {
  readonly #options: RateOptions;
  #left: number;
  #at: number;

  constructor(options: RateOptions) {
    this.#options = options;
    this.#left = options.burst;
    this.#at = options.now();
  }

  /** Whether it may be done once more now. */
  take(): boolean {
    const { burst, perSecond, now } = this.#options;
    const at = now();
    this.#left = Math.min(burst, this.#left + (at - this.#at) / 1000 * perSecond);
    this.#at = at;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
