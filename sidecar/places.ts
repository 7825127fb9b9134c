/** Counts who has come for which view and has not left yet, within limits for one view and for all. */
export class Places {
  readonly #limits: { readonly perView: number; readonly inAll: number };
  readonly #perView = new Map<string, number>();
  #all = 0;

  constructor(limits: { readonly perView: number; readonly inAll: number }) {
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

  /** Takes a place; answers the limit that stands in its way, or undefined where it has its place. */
  enter(view: string): number | undefined {
    const taken = this.#perView.get(view) ?? 0;
    if (taken >= this.#limits.perView) return this.#limits.perView;
    if (this.#all >= this.#limits.inAll) return this.#limits.inAll;
    this.#perView.set(view, taken + 1);
    this.#all++;
    return undefined;
  }

  leave(view: string): void {
    const taken = this.#perView.get(view) ?? 0;
    if (taken <= 1) this.#perView.delete(view);
    else this.#perView.set(view, taken - 1);
    this.#all--;
  }
}
