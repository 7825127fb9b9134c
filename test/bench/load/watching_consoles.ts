import { setTimeout as pause } from "node:timers/promises";

/** Streams as open pages have them: each follows the whole list. */
export class WatchingConsoles implements AsyncDisposable {
  /** Of all streams. */
  bytes = 0;
  /** Of all streams. */
  events = 0;
  readonly #stop = new AbortController();
  readonly #client = Deno.createHttpClient({ http2: false });
  #reading: readonly Promise<void>[] = [];

  static async open(count: number, origin: string, token: string): Promise<WatchingConsoles> {
    const consoles = new WatchingConsoles();
    const answers = await Promise.all(Array.from({ length: count }, () => consoles.#ask(origin, token)));
    consoles.#reading = answers.map((answer) => consoles.#read(answer));
    return consoles;
  }

  /** Waits until each stream has told this many views, or fails. */
  async until(events: number, signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
    while (this.events < events) await pause(20, undefined, { signal: limit });
  }

  async #ask(origin: string, token: string): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
    const { signal } = this.#stop;
    const answer = await fetch(`${origin}/_api/views?watch`, { headers, signal, client: this.#client });
    if (answer.status !== 200) throw new Error(`A watch was answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  async #read(answer: Response): Promise<void> {
    try {
      for await (const chunk of answer.body!) {
        this.bytes += chunk.length;
        for (let at = chunk.indexOf(EVENT); at >= 0; at = chunk.indexOf(EVENT, at + 1)) {
          // "\nd" of "\ndata:", which each event has once.
          if (chunk[at + 1] === DATA) this.events++;
        }
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#reading);
    this.#client.close();
  }
}

const EVENT = "\n".charCodeAt(0);
const DATA = "d".charCodeAt(0);
