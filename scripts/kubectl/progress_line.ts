import { durationText } from "./duration.ts";
import type { Terminal } from "./terminal.ts";

/** Milliseconds between two looks at the clock. */
const TICK = 1_000;

/** One line on a terminal that says what is waited for, and for how long. Elsewhere it writes nothing. */
export class ProgressLine implements AsyncDisposable {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #since: number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #text = "";
  #written: Promise<void> = Promise.resolve();

  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
    this.#since = now();
  }

  show(text: string): void {
    if (!this.#terminal.isWatched) return;
    this.#text = text;
    this.#timer ??= setInterval(() => this.#write(), TICK);
    this.#write();
  }

  #write(): void {
    const elapsed = durationText((this.#now() - this.#since) / 1000);
    const line = `\r\x1b[K${this.#text}, ${elapsed}`;
    // An error of the last write counts at the end.
    this.#written = this.#written.then(() => this.#terminal.err(line));
    this.#written.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#written;
    if (this.#timer !== undefined) await this.#terminal.err("\r\x1b[K");
  }
}
