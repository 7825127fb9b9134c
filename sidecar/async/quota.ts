export interface QuotaLimits {
  readonly perView: number;
  /** For all views together. */
  readonly total: number;
}

/** The limit that is reached: one view's, or that of all views together. */
export interface ExceededQuota {
  readonly of: "view" | "all";
  readonly limit: number;
}

/** Counts the units that each view uses, and keeps them within a limit per view and one for all views. */
export class Quota {
  readonly #limits: QuotaLimits;
  readonly #perView = new Map<string, number>();
  #used = 0;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
  }

  /** Units that all views use. */
  get used(): number {
    return this.#used;
  }

  /** The views that use any. */
  get views(): Iterable<string> {
    return this.#perView.keys();
  }

  has(view: string): boolean {
    return this.#perView.has(view);
  }

  /** Takes all units or none; returns the limit that they would exceed, or undefined when they are taken. */
  acquire(view: string, units: number = 1): ExceededQuota | undefined {
    const used = this.#perView.get(view) ?? 0;
    if (used + units > this.#limits.perView) return { of: "view", limit: this.#limits.perView };
    if (this.#used + units > this.#limits.total) return { of: "all", limit: this.#limits.total };
    if (units === 0) return undefined;
    this.#perView.set(view, used + units);
    this.#used += units;
    return undefined;
  }

  /** Gives units back, never more than the view uses. */
  release(view: string, units: number = 1): void {
    const used = this.#perView.get(view) ?? 0;
    const released = Math.min(units, used);
    if (released === used) this.#perView.delete(view);
    else this.#perView.set(view, used - released);
    this.#used -= released;
  }
}
