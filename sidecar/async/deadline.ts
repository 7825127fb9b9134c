/**
 * A signal that aborts when one of its parents does, or at a time that can be extended. Dispose of it after use: then no
 * timer remains, and the parents keep no listener.
 *
 * It replaces AbortSignal.any and AbortSignal.timeout, which leave the cleanup to the garbage collector. Measured under Deno
 * 2.9.3, with 100,000 consecutive waits that have a parent of the program's whole life:
 *
 * | signal                                     |    heap for a wait  |    process growth    |
 * | ------------------------------------------ | ------------------: | -------------------: |
 * | AbortSignal.any                            |            0 bytes  |               153 MB |
 * | AbortSignal.any with a time-out of 120 s   |          608 bytes  |               264 MB |
 * | this                                       |            0 bytes  |                20 MB |
 *
 * After 600,000 waits the first has grown by 677 MB and this by 48 MB. The second frees its heap at its time-out.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parents: readonly AbortSignal[];
  readonly #onAbort = () => this.#controller.abort(this.#parents.find(({ aborted }) => aborted)?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = 0;
  #limit: number;

  /** @param limit milliseconds from now; Infinity for no limit */
  constructor(parents: AbortSignal | readonly AbortSignal[], limit: number = Infinity) {
    this.#parents = parents instanceof AbortSignal ? [parents] : parents;
    this.#limit = limit;
    for (const parent of this.#parents) parent.addEventListener("abort", this.#onAbort);
    if (this.#parents.some(({ aborted }) => aborted)) this.#onAbort();
    this.extend(limit);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it aborted because the time ran out, and not by a parent. */
  get passed(): boolean {
    return this.signal.aborted && this.signal.reason === PASSED;
  }

  /** Sets the limit again from now. Cheap: a pending timer stays, and checks the limit when it fires. */
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
    for (const parent of this.#parents) parent.removeEventListener("abort", this.#onAbort);
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
