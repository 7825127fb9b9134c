import { once } from "node:events";
import { type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from "node:http2";
import type { HttpAnswer } from "./http_client.ts";

/** What a client needs for TLS. */
export interface Http2Tls {
  /** PEM: the authority that it trusts. */
  readonly ca: string;
  /** The name that the certificate must have. */
  readonly servername: string;
}

/** A client that speaks HTTP/2 to a port of 127.0.0.1. */
export async function connectOverHttp2(port: number, tls?: Http2Tls) {
  const scheme = tls === undefined ? "http" : "https";
  const session = connect(`${scheme}://127.0.0.1:${port}`, { ...tls });
  const [settings] = await once(session, "remoteSettings");
  if (!settings.enableConnectProtocol) throw new Error("no extended CONNECT");
  const streams: ClientHttp2Stream[] = [];
  return {
    /** Opens a WebSocket by extended CONNECT: https://www.rfc-editor.org/rfc/rfc8441 */
    webSocket(authority: string, path: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
      const stream = session.request({
        ":method": "CONNECT",
        ":protocol": "websocket",
        ":scheme": scheme,
        ":path": path,
        ":authority": authority,
        "sec-websocket-version": "13",
        ...headers,
      }, { endStream: false });
      // A stream that the client itself ends says so by an error.
      stream.on("error", () => {});
      streams.push(stream);
      return stream;
    },
    /** Sends a GET. */
    request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
      const stream = session.request(headers);
      streams.push(stream);
      return stream;
    },
    /** The whole answer of a stream that is not opened. */
    async answer(stream: ClientHttp2Stream): Promise<HttpAnswer> {
      let body = "";
      stream.on("data", (part) => body += part);
      const ended = once(stream, "end", { signal: AbortSignal.timeout(30_000) });
      const [headers] = await once(stream, "response");
      await ended;
      return { status: headers[":status"], headers, body };
    },
    async [Symbol.asyncDispose]() {
      for (const stream of streams) stream.destroy();
      const closed = once(session, "close");
      session.destroy();
      await closed;
    },
  };
}
