/** An event of a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Most characters of an event; a view with 64 subsets has a tenth of them. */
const LONGEST = 1 << 20;

/**
 * The events of a stream, without its comments.
 * @throws RangeError where an event is longer than any of the gateway can be
 */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let rest = "";
  for await (const part of body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    const blocks = `${rest}${part}`.split(/\r?\n\r?\n/);
    rest = blocks.pop()!;
    if (rest.length > LONGEST) throw new RangeError(`An event has more than ${LONGEST} characters.`);
    for (const block of blocks) {
      const found = eventIn(block);
      if (found !== undefined) yield found;
    }
  }
}

function eventIn(block: string): ServerEvent | undefined {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ""] = /^([a-z]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length === 0 ? undefined : { event, data: data.join("\n") };
}
