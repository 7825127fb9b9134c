/**
 * Counts the requests that wait. All sleeping views share one Envoy cluster, so a limit that keeps one view's crowd from
 * taking the others' place has to be kept here.
 */
export class Held {
  readonly #perView = new Map<string, number>();
  #all = 0;
  readonly #limits: { readonly perView: number; readonly inAll: number };

  constructor(limits: { readonly perView: number; readonly inAll: number }) {
    this.#limits = limits;
  }

  get all(): number {
    return this.#all;
  }

  /** The views that requests wait for. */
  get views(): Iterable<string> {
    return this.#perView.keys();
  }

  has(view: string): boolean {
    return this.#perView.has(view);
  }

  /** Takes a place for one request; answers the limit that stands in its way, or undefined where it has its place. */
  enter(view: string): number | undefined {
    const held = this.#perView.get(view) ?? 0;
    if (held >= this.#limits.perView) return this.#limits.perView;
    if (this.#all >= this.#limits.inAll) return this.#limits.inAll;
    this.#perView.set(view, held + 1);
    this.#all++;
    return undefined;
  }

  leave(view: string): void {
    const held = this.#perView.get(view) ?? 0;
    if (held <= 1) this.#perView.delete(view);
    else this.#perView.set(view, held - 1);
    this.#all--;
  }
}
