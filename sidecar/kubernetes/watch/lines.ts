/** Kubernetes keeps no object near this size; what is longer is no watch event. */
const LONGEST = 32 * 1024 * 1024;

/**
 * The whole lines of a stream, as many at a time as each part completes; so it also yields, with no lines, when a part
 * completes none. What follows the last line feed is dropped: it was cut.
 * @throws RangeError where a line is longer than any event can be
 */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of body) {
    const found: string[] = [];
    const text = rest + decoder.decode(part, { stream: true });
    // What was looked through before has no line feed.
    let from = rest.length;
    let start = 0;
    for (let end = text.indexOf("\n", from); end !== -1; end = text.indexOf("\n", from)) {
      if (end > start) found.push(text.slice(start, end));
      from = start = end + 1;
    }
    rest = start === 0 ? text : text.slice(start);
    if (rest.length > LONGEST) throw new RangeError(`A line of the watch is longer than ${LONGEST} characters.`);
    yield found;
  }
}
