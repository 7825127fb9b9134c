/**
 * A signal that aborts when another one does, or at a moment that can be put off. Dispose of it when what it bounds is
 * over. It is not made of AbortSignal.any, so that a signal which lives as long as the program keeps nothing of it.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;
  readonly #onAbort = () => this.#controller.abort(this.#parent.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = 0;
  #limit: number;

  /** @param limit milliseconds from now; Infinity for no moment at all */
  constructor(parent: AbortSignal, limit: number) {
    this.#parent = parent;
    this.#limit = limit;
    if (parent.aborted) this.#onAbort();
    else parent.addEventListener("abort", this.#onAbort);
    this.extend(limit);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it was the time that ran out, not the other signal. */
  get passed(): boolean {
    return this.signal.aborted && this.signal.reason === PASSED;
  }

  /** Sets the deadline anew. Cheap: a pending timer is left to find out by itself. */
  extend(limit: number = this.#limit): void {
    this.#limit = limit;
    const before = this.#at;
    this.#at = performance.now() + limit;
    if (limit !== Infinity && (this.#timer === undefined || this.#at < before)) this.#arm();
  }

  /** Aborts at once. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener("abort", this.#onAbort);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (performance.now() < this.#at) this.#arm();
      else this.#controller.abort(PASSED);
    }, Math.max(0, this.#at - performance.now()));
  }
}

const PASSED = new DOMException("The time limit was reached.", "TimeoutError");
