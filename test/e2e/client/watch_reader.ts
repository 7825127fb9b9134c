import type { ViewResource } from "./api_client.ts";

/** An event of a watch. */
export interface WatchEvent {
  readonly event: string;
  /** Of `gone` it has the name alone, of `reset` nothing. */
  readonly data: Partial<ViewResource>;
}

/** Milliseconds that an event may take: a view has to start in them. */
const PATIENCE = 60_000;

/** Reads server-sent events as a script does, by fetch alone. */
export class WatchReader implements AsyncDisposable {
  readonly events: WatchEvent[] = [];
  readonly #chunks: ReadableStreamDefaultReader<string>;
  readonly #stop: AbortController;
  #rest = "";

  private constructor(answer: Response, stop: AbortController) {
    this.#chunks = answer.body!.pipeThrough(new TextDecoderStream())
      .getReader();
    this.#stop = stop;
  }

  /** @throws Error with the answer of a gateway that refuses */
  static async open(url: string, token: string): Promise<WatchReader> {
    const stop = new AbortController();
    const answer = await fetch(url, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    if (answer.status !== 200) {
      throw new Error(
        `${url} answers ${answer.status}: ${await answer.text()}`,
      );
    }
    return new WatchReader(answer, stop);
  }

  /** Reads until there is an event for which this holds, and answers it. */
  async until(
    what: string,
    holds: (event: WatchEvent) => boolean,
  ): Promise<WatchEvent> {
    const late = setTimeout(
      () => this.#stop.abort(new Error(`No event in time: ${what}`)),
      PATIENCE,
    );
    try {
      while (true) {
        const before = this.events.length;
        const { done, value } = await this.#chunks.read();
        if (done) {
          throw new Error(`The stream has ended without an event: ${what}`);
        }
        this.#take(value);
        const found = this.events.slice(before).find(holds);
        if (found !== undefined) return found;
      }
    } finally {
      clearTimeout(late);
    }
  }

  #take(chunk: string): void {
    const blocks = (this.#rest + chunk).split("\n\n");
    this.#rest = blocks.pop()!;
    for (const block of blocks) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      if (event !== undefined) {
        this.events.push({ event, data: JSON.parse(data!) });
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#chunks.cancel().catch(() => {});
  }
}
