/**
 * What one read may bring. A default reader of Deno's lays each part, however small, in a buffer of this size that is
 * the collector's to find: thousands of them for one long list.
 */
const SIZE = 64 * 1024;

/**
 * The body of an answer, to be read once. It ends with the signal, at once, and nothing of it is left then. The signal
 * that fetch was asked with does not see to that: fetch itself follows one made of it, which nobody holds, and once that
 * has been collected the body goes on until the other side ends it. Nor could anybody end a `response.text()` then.
 */
export class Body {
  readonly #reader: ReadableStreamBYOBReader;
  readonly #signal: AbortSignal;

  constructor(stream: ReadableStream<Uint8Array>, signal: AbortSignal) {
    this.#reader = stream.getReader({ mode: "byob" });
    this.#signal = signal;
  }

  /**
   * Its parts, as they come. Each is overwritten by the next.
   * @throws the signal's reason, or that the connection broke
   */
  async *parts(): AsyncGenerator<Uint8Array, void, void> {
    const onAbort = () => this.cancel();
    this.#signal.addEventListener("abort", onAbort);
    try {
      for (let buffer = new ArrayBuffer(SIZE);;) {
        this.#signal.throwIfAborted();
        const { value, done } = await this.#reader.read(new Uint8Array(buffer));
        this.#signal.throwIfAborted();
        if (done) return;
        yield value;
        buffer = value.buffer;
      }
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
      await this.cancel();
    }
  }

  /**
   * All of it.
   * @throws as `parts`
   */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of this.parts()) text += decoder.decode(part, { stream: true });
    return text + decoder.decode();
  }

  /** Ends it, whatever is still to come. */
  async cancel(): Promise<void> {
    // A body that broke has ended already.
    await this.#reader.cancel().catch(() => undefined);
  }
}
