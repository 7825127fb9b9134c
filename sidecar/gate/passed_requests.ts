/** Requests to remember; above it, the gate forgets the oldest. */
const LIMIT = 10_000;

/**
 * The requests that have passed the gate lately, and when each of them arrived first. A request that comes back has not
 * reached its view: Envoy repeats it under the same request ID.
 */
export class PassedRequests {
  /** In the order in which they passed last. */
  readonly #passed = new Map<string, { readonly arrivedAt: number; readonly passedAt: number }>();
  readonly #keep: number;

  /** @param keep milliseconds after which a request that has passed does not come back */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** When a request arrived first, in milliseconds; undefined where it has not passed. */
  arrivedAt(id: string): number | undefined {
    return this.#passed.get(id)?.arrivedAt;
  }

  /** Records that a request passes now. */
  record(id: string, arrivedAt: number, now: number): void {
    this.#passed.delete(id);
    this.#passed.set(id, { arrivedAt, passedAt: now });
    for (const [oldest, { passedAt }] of this.#passed) {
      if (this.#passed.size <= LIMIT && now - passedAt < this.#keep) break;
      this.#passed.delete(oldest);
    }
  }
}
