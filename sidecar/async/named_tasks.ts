interface Running<About> {
  readonly about: About;
  readonly over: AbortController;
}

/**
 * Background tasks, one for each name at most. `About` says what a task is for. A task that is ended gives its name free at
 * once, though it may still have to notice.
 */
export class NamedTasks<About> {
  readonly #onFault: (name: string, error: unknown) => void;
  readonly #running = new Map<string, Running<About>>();
  readonly #tasks = new Set<Promise<void>>();
  #stopped = false;

  /** @param onFault called with what a task throws, unless it was ended before */
  constructor(onFault: (name: string, error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** What the task of this name is for; undefined if none runs. */
  get(name: string): About | undefined {
    return this.#running.get(name)?.about;
  }

  /** Begins a task, and ends the one that has the name. After a stop it does nothing. */
  begin(name: string, about: About, task: (signal: AbortSignal) => Promise<void>): void {
    if (this.#stopped) return;
    this.end(name);
    const running = { about, over: new AbortController() };
    this.#running.set(name, running);
    const ended: Promise<void> = this.#run(name, running, task).finally(() => this.#tasks.delete(ended));
    this.#tasks.add(ended);
  }

  /** Ends the task of this name, if one runs. */
  end(name: string): void {
    this.#running.get(name)?.over.abort();
    this.#running.delete(name);
  }

  /** Ends all tasks, and begins no others. Resolves when all have noticed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const name of [...this.#running.keys()]) this.end(name);
    await Promise.all(this.#tasks);
  }

  async #run(name: string, running: Running<About>, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = running.over;
    try {
      await task(signal);
    } catch (error) {
      if (!signal.aborted) this.#onFault(name, error);
    } finally {
      if (this.#running.get(name) === running) this.#running.delete(name);
    }
  }
}
