/** Connections that requests are spread over. */
const CONNECTIONS = 16;

/** How each pod answers: `ok` tells that the answer is whole. */
const ANSWER_END = "\r\n\r\nok";

/** Sends one request for each view through an Envoy on 127.0.0.1, and answers how many were answered 200. */
export async function requestEach(views: readonly string[], port: number): Promise<number> {
  let [next, good] = [0, 0];
  const worker = async () => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const buffer = new Uint8Array(16 * 1024);
    while (next < views.length) {
      const host = `${views[next++]}.localhost`;
      await connection.write(new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
      let answer = "";
      while (!answer.endsWith(ANSWER_END)) {
        const read = await connection.read(buffer);
        if (read === null) return;
        answer += new TextDecoder().decode(buffer.subarray(0, read));
        // Envoy's own answer, such as 503, ends otherwise.
        if (!answer.startsWith("HTTP/1.1 200") && answer.includes("\r\n\r\n")) break;
      }
      if (answer.startsWith("HTTP/1.1 200")) good++;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return good;
}
