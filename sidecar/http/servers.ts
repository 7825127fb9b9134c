/**
 * What listens, and stops when its scope is left, in whatever way. First what waits is let go, while there still is
 * somebody to answer it; then all stop at once, so that the slowest of them is what it takes.
 */
export class Servers implements AsyncDisposable {
  readonly #letGo: () => void;
  readonly #stops: (() => void | Promise<void>)[] = [];

  /** @param letGo ends what waits, and need not wait for it: each server does */
  constructor(letGo: () => void) {
    this.#letGo = letGo;
  }

  add(stop: () => void | Promise<void>): void {
    this.#stops.push(stop);
  }

  /** @throws what kept servers from stopping, once all others have */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#letGo();
    const stopped = await Promise.allSettled(this.#stops.map(async (stop) => await stop()));
    const failed = stopped.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
    if (failed.length > 0) throw new AggregateError(failed, "Not all servers have stopped.");
  }
}
