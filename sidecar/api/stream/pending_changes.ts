import type { ViewState } from "../../view/state.ts";

/** Each view that has changed, with its state before that; or `reset`, where too many have. */
export type TakenChanges = ReadonlyMap<string, ViewState | undefined> | "reset";

/** Most views whose changes wait for a stream: a client that reads slowly lists again. */
const LIMIT = 500;

/** The changes that a stream has not told yet. Several changes of one view become one. */
export class PendingChanges {
  readonly #only: string | undefined;
  readonly #limit: number;
  #before = new Map<string, ViewState | undefined>();
  #isReset = false;
  #wake: (() => void) | undefined;

  /** @param only the view that the stream follows; undefined: all */
  constructor(only?: string, limit: number = LIMIT) {
    this.#only = only;
    this.#limit = limit;
  }

  /** Notes a change of a view that was this before. */
  changed(name: string, before: ViewState | undefined): void {
    if (this.#only !== undefined && name !== this.#only) return;
    if (!this.#isReset && !this.#before.has(name)) this.#before.set(name, before);
    if (this.#before.size > this.#limit) {
      this.#before = new Map();
      this.#isReset = true;
    }
    this.#wake?.();
  }

  /** The changes since the last call. */
  take(): TakenChanges {
    const taken = this.#isReset ? "reset" : this.#before;
    this.#before = new Map();
    this.#isReset = false;
    return taken;
  }

  /** Resolves once there is a change, or the signal aborts. Only one may wait. */
  async untilAny(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#isReset || this.#before.size > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    this.#wake = undefined;
  }
}
