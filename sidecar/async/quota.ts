export interface QuotaLimits {
  readonly each: number;
  /** For all together. */
  readonly total: number;
}

/** The limit that is reached: one holder's, or that of all together. */
export interface ExceededQuota {
  readonly of: "one" | "all";
  readonly limit: number;
}

/**
 * Counts the units that each holder uses, and keeps them within a limit for each one and a limit for all.
 * A holder is a view or a user, by its name.
 */
export class Quota {
  readonly #limits: QuotaLimits;
  readonly #held = new Map<string, number>();
  #used = 0;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  /** Units that all use. */
  get used(): number {
    return this.#used;
  }

  /** The holders that use any. */
  get holders(): Iterable<string> {
    return this.#held.keys();
  }

  has(holder: string): boolean {
    return this.#held.has(holder);
  }

  /** Takes all units or none; returns the limit that they would exceed, or undefined when they are taken. */
  acquire(holder: string, units: number = 1): ExceededQuota | undefined {
    const used = this.#held.get(holder) ?? 0;
    if (used + units > this.#limits.each) return { of: "one", limit: this.#limits.each };
    if (this.#used + units > this.#limits.total) return { of: "all", limit: this.#limits.total };
    if (units === 0) return undefined;
    this.#held.set(holder, used + units);
    this.#used += units;
    return undefined;
  }

  /** Gives units back, never more than the holder uses. */
  release(holder: string, units: number = 1): void {
    const used = this.#held.get(holder) ?? 0;
    const released = Math.min(units, used);
    if (released === used) this.#held.delete(holder);
    else this.#held.set(holder, used - released);
    this.#used -= released;
  }
}
