/** Kubernetes stores no object near this size, so a longer line is no watch event. */
const LONGEST = 32 * 1024 * 1024;

/**
 * The complete lines of a stream. Yields once per part the lines that the part completes, also when there are none. Drops
 * an incomplete last line.
 * @throws RangeError if a line is longer than any event can be
 */
export async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of body) {
    const found: string[] = [];
    const text = rest + decoder.decode(part, { stream: true });
    // The rest has no line feed.
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
