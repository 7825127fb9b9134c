export interface TokenBucketOptions {
  /** Most tokens that the bucket holds. */
  readonly burst: number;
  /** Tokens that come back each second. */
  readonly perSecond: number;
  /** Monotonic, in milliseconds. */
  readonly clock: () => number;
}

/** Limits how often something is done. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #filledAt: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledAt = options.clock();
  }

  /** Takes a token; false when there is none. */
  take(): boolean {
    const { burst, perSecond, clock } = this.#options;
    const at = clock();
    this.#tokens = Math.min(burst, this.#tokens + (at - this.#filledAt) / 1000 * perSecond);
    this.#filledAt = at;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
