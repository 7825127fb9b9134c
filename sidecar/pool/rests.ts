/** Milliseconds for which something rests after a first failure, if nothing else is said, and at most. */
const FIRST = 10_000;
const LONGEST = 300_000;

/** What is left alone for a while after it failed, by name; after each further failure for twice as long. */
export class Rests {
  readonly #clock: () => number;
  readonly #first: number;
  readonly #rests = new Map<string, { readonly until: number; readonly length: number }>();

  /**
   * @param clock monotonic, in milliseconds
   * @param first milliseconds of the first rest
   */
  constructor(clock: () => number, first = FIRST) {
    this.#clock = clock;
    this.#first = first;
  }

  /** How many have failed, and not worked since. */
  get size(): number {
    return this.#rests.size;
  }

  isResting(name: string): boolean {
    const rest = this.#rests.get(name);
    return rest !== undefined && this.#clock() < rest.until;
  }

  /** It has failed. What began before its rest says nothing new. */
  failed(name: string): void {
    if (this.isResting(name)) return;
    const length = Math.min((this.#rests.get(name)?.length ?? this.#first / 2) * 2, LONGEST);
    this.#rests.set(name, { until: this.#clock() + length, length });
  }

  /** It has worked, so the next failure is a first one. */
  worked(name: string): void {
    this.#rests.delete(name);
  }

  /** Forgets all but these. */
  retain(names: ReadonlySet<string>): void {
    for (const name of this.#rests.keys()) if (!names.has(name)) this.#rests.delete(name);
  }
}
