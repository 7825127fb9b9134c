/** How much may be taken at once. */
export interface Limits {
  readonly perView: number;
  readonly inAll: number;
}

/** The limit that stands in somebody's way: one view's, or that of all views together. */
export interface Full {
  readonly of: "view" | "all";
  readonly limit: number;
}

/** Counts what is taken for which view and has not been given back yet, within limits for one view and for all. */
export class Places {
  readonly #limits: Limits;
  readonly #perView = new Map<string, number>();
  #all = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** How many places are taken. */
  get taken(): number {
    return this.#all;
  }

  /** The views that places are taken for. */
  get views(): Iterable<string> {
    return this.#perView.keys();
  }

  has(view: string): boolean {
    return this.#perView.has(view);
  }

  /** Takes places; answers the limit that stands in the way, or undefined where they are taken. */
  enter(view: string, places: number = 1): Full | undefined {
    const taken = this.#perView.get(view) ?? 0;
    if (taken + places > this.#limits.perView) return { of: "view", limit: this.#limits.perView };
    if (this.#all + places > this.#limits.inAll) return { of: "all", limit: this.#limits.inAll };
    if (places === 0) return undefined;
    this.#perView.set(view, taken + places);
    this.#all += places;
    return undefined;
  }

  /** Gives places back, never more than are taken. */
  leave(view: string, places: number = 1): void {
    const taken = this.#perView.get(view) ?? 0;
    const given = Math.min(places, taken);
    if (given === taken) this.#perView.delete(view);
    else this.#perView.set(view, taken - given);
    this.#all -= given;
  }
}
