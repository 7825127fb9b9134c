/**
 * Bytes of the one read buffer. Deno's default reader allocates a buffer of this size for each part, however small: thousands
 * for one long list.
 */
const SIZE = 64 * 1024;

/**
 * The body of a response, to be read once. It ends as soon as the signal aborts. fetch's own signal does not ensure that:
 * fetch follows a derived signal that the garbage collector may collect, and then the body, or a `response.text()`, only ends
 * when the peer ends it.
 */
export class Body {
  readonly #reader: ReadableStreamBYOBReader;
  readonly #signal: AbortSignal;

  constructor(stream: ReadableStream<Uint8Array>, signal: AbortSignal) {
    this.#reader = stream.getReader({ mode: "byob" });
    this.#signal = signal;
  }

  /**
   * The parts as they arrive. Each overwrites the one before.
   * @throws the signal's reason, or an error for a broken connection
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
   * The whole body as text.
   * @throws as `parts`
   */
  async text(): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of this.parts()) text += decoder.decode(part, { stream: true });
    return text + decoder.decode();
  }

  /** Ends the body without reading the rest. */
  async cancel(): Promise<void> {
    // A broken body has already ended.
    await this.#reader.cancel().catch(() => undefined);
  }
}
