import type { ViewResource } from "@view-gateway/types";

/** An event of a stream that follows views. */
export type ViewEvent =
  | { readonly event: "changed"; readonly data: ViewResource }
  | { readonly event: "gone"; readonly data: { readonly name: string } }
  | { readonly event: "reset"; readonly data: Record<never, never> };

/** The events of a stream that follows views, as they come; and what else it says. */
export class EventReader {
  readonly events: ViewEvent[] = [];
  text = "";
  #rest = "";
  readonly #reader;

  constructor({ body }: Pick<Response, "body">) {
    this.#reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Reads until there is this number of events; false where the stream ended before. */
  async until(events: number): Promise<boolean> {
    while (this.events.length < events) {
      const { done, value } = await this.#reader.read();
      if (done) return false;
      this.text += value;
      const parts = (this.#rest + value).split("\n\n");
      this.#rest = parts.pop()!;
      for (const part of parts) {
        const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (data !== undefined) this.events.push({ event, data: JSON.parse(data) } as ViewEvent);
      }
    }
    return true;
  }

  /** What the events say, in short: `EVENT NAME PHASE`. */
  get told(): readonly string[] {
    return this.events.map(({ event, data }) =>
      [event, "name" in data ? data.name : "", "phase" in data ? data.phase : ""].join(" ").trim()
    );
  }

  async rest(): Promise<void> {
    await this.until(Infinity);
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}
