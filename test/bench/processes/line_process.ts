export interface LineProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program that is spoken to in lines: it reads them from standard input and writes them to standard output. */
export class LineProcess implements AsyncDisposable {
  readonly pid: number;
  readonly #name: string;
  readonly #process: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #errors: Promise<string>;
  #rest: string[] = [];
  #partial = "";
  #over = false;

  constructor(command: string, args: readonly string[], options: LineProcessOptions = {}) {
    this.#name = [command, ...args].join(" ");
    this.#process = new Deno.Command(command, {
      ...options,
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.pid = this.#process.pid;
    this.#lines = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = this.#process.stdin.getWriter();
    this.#errors = new Response(this.#process.stderr).text();
  }

  /**
   * The next line that it writes.
   * @throws Error with what it said on standard error where it ends instead, or says nothing in time
   */
  async line(signal: AbortSignal, milliseconds = 120_000): Promise<string> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
    while (this.#rest.length === 0) {
      limit.throwIfAborted();
      const { value, done } = await aborted(this.#lines.read(), limit);
      if (done) throw new Error(`${this.#name} has ended: ${(await this.#errors).trim().slice(-2000)}`);
      this.#rest.push(...this.#linesOf(value));
    }
    return this.#rest.shift()!;
  }

  /** Calls the listener with each line from now on, instead of `line`: a program whose lines nobody reads stands still. */
  listen(listener: (line: string) => void): void {
    const read = async () => {
      this.#rest.splice(0).forEach(listener);
      while (true) {
        const { value, done } = await this.#lines.read();
        if (done) return;
        this.#linesOf(value).forEach(listener);
      }
    };
    // Its end is seen where it is asked for something.
    read().catch(() => {});
  }

  #linesOf(text: string): readonly string[] {
    const parts = (this.#partial + text).split("\n");
    this.#partial = parts.pop() ?? "";
    return parts;
  }

  async say(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Default: SIGKILL, because nothing in a bench has to end in good order. */
  async stop(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended already.
    }
    await this.#process.status;
    await this.#input.abort().catch(() => {});
    await this.#lines.cancel().catch(() => {});
    await this.#errors;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function aborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: abort, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([promise, abort]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
