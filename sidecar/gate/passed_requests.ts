/** Requests that are remembered at once; the oldest are forgotten. */
const LIMIT = 10_000;

/**
 * Which requests have passed the gate lately, and when each of them came first. One that comes again has not reached its
 * view: Envoy repeats it, and tells by its id that it is the same.
 */
export class Returns {
  /** In the order in which they passed last. */
  readonly #passed = new Map<string, { readonly came: number; readonly passed: number }>();
  readonly #keep: number;

  /** @param keep milliseconds after which a request that has passed is not expected back */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** When a request came first, in milliseconds; undefined where it has not passed. */
  came(id: string): number | undefined {
    return this.#passed.get(id)?.came;
  }

  /** A request that came first at that time passes now. */
  passes(id: string, came: number, now: number): void {
    this.#passed.delete(id);
    this.#passed.set(id, { came, passed: now });
    for (const [oldest, { passed }] of this.#passed) {
      if (this.#passed.size <= LIMIT && now - passed < this.#keep) break;
      this.#passed.delete(oldest);
    }
  }
}
