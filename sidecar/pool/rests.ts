/** Milliseconds for which something rests after a first failure, and at most. */
const FIRST = 10_000;
const LONGEST = 300_000;

/** What is left alone for a while after it failed, by name; after each further failure for twice as long. */
export class Rests {
  readonly #clock: () => number;
  readonly #rests = new Map<string, { readonly until: number; readonly length: number }>();

  /** @param clock monotonic, in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  isResting(name: string): boolean {
    const rest = this.#rests.get(name);
    return rest !== undefined && this.#clock() < rest.until;
  }

  /** It has failed. What began before its rest says nothing new. */
  failed(name: string): void {
    if (this.isResting(name)) return;
    const length = Math.min((this.#rests.get(name)?.length ?? FIRST / 2) * 2, LONGEST);
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
