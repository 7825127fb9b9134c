/** Exponential backoff with jitter: each pause is about twice as long as the one before, up to a limit. */
export class Backoff {
  readonly #random: () => number;
  readonly #first: number;
  readonly #longest: number;
  #next: number;

  /** @param first, longest milliseconds */
  constructor(random: () => number, first = 100, longest = 2_000) {
    this.#random = random;
    this.#first = first;
    this.#longest = longest;
    this.#next = first;
  }

  /** Milliseconds until the next attempt. @param retryAfter the peer's minimum, which counts up to the limit */
  next(retryAfter = 0): number {
    const pause = Math.min(Math.max(this.#next, retryAfter), this.#longest);
    this.#next = Math.min(this.#next * 2, this.#longest);
    return pause * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#next = this.#first;
  }
}
