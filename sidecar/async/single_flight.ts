/** Runs one task per key at a time: all who ask while it runs share its outcome. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** How many tasks run. */
  get size(): number {
    return this.#flights.size;
  }

  /** The outcome of the task that runs under this key; undefined where none does. */
  get(key: string): Promise<T> | undefined {
    return this.#flights.get(key);
  }

  /**
   * Joins the task that runs under this key, or starts this one.
   * @param onEnd called once per task with its value; by then another task can start under the key
   */
  run(key: string, task: () => Promise<T>, onEnd?: (value: T) => void): Promise<T> {
    const current = this.#flights.get(key);
    if (current !== undefined) return current;
    const flight = task().then(
      (value) => {
        this.#flights.delete(key);
        onEnd?.(value);
        return value;
      },
      (error) => {
        this.#flights.delete(key);
        throw error;
      },
    );
    this.#flights.set(key, flight);
    return flight;
  }

  /** Resolves once no task runs, also none that starts meanwhile. */
  async idle(): Promise<void> {
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights.values());
  }
}
