import { Buffer } from "node:buffer";
import { type ClientRequest, type IncomingHttpHeaders, request } from "node:http";
import type { Socket } from "node:net";

/** A request. `host` is its Host header; the connection is always to 127.0.0.1. */
export interface HttpRequest {
  readonly host: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** Milliseconds. Default: 30 s. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends one HTTP/1.1 request on a connection of its own. */
export async function sendRequest(
  { host, port, path = "/", method = "GET", headers, body, timeout = 30_000, signal }: HttpRequest,
) {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const limit = AbortSignal.timeout(timeout);
  const call = request({
    ...{ host: "127.0.0.1", port, path, method, agent: false, setHost: false },
    headers: { host, connection: "close", ...headers },
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  }, (response) => {
    const parts: Uint8Array[] = [];
    response.on("data", (part) => parts.push(part));
    response.on("error", reject);
    response.on("end", () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() });
    });
  });
  call.on("error", reject);
  call.end(body);
  return await promise;
}

/**
 * The same on a unix socket. Deno's own client, as Deno 2.9.3's node:http closes a unix socket's descriptor twice, the
 * second time perhaps another thread's: https://github.com/denoland/deno/pull/36353
 */
export async function askOverSocket(
  socket: string,
  { host, path = "/", method = "GET", headers, body, signal }:
    & Pick<
      HttpRequest,
      "host" | "path" | "method" | "headers" | "signal"
    >
    & { readonly body?: string },
): Promise<HttpAnswer> {
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket }, allowHost: true });
  const limit = AbortSignal.timeout(30_000);
  const response = await fetch(`http://localhost${path}`, {
    client,
    method,
    headers: { host, ...headers },
    ...body !== undefined && { body },
    redirect: "manual",
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** Writes bytes to a TCP port and answers what comes back until the peer closes. */
export async function exchange(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ port });
  await connection.write(new TextEncoder().encode(text));
  let answer = "";
  for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) answer += part;
  return answer;
}

/** Opens a WebSocket's connection: the socket after the 101, whose bytes the gateway does not look at. */
export async function upgrade({ host, port, path = "/", headers }: HttpRequest): Promise<Socket> {
  return await upgradedSocket(request({
    ...{ host: "127.0.0.1", port, path, agent: false, setHost: false },
    headers: { host, ...HANDSHAKE, ...headers },
  }));
}

/** Request headers of a WebSocket's handshake: https://www.rfc-editor.org/rfc/rfc6455#section-4.1 */
export const HANDSHAKE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

/** Sends the handshake: the socket after the 101. */
export async function upgradedSocket(call: ClientRequest): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  call.on("upgrade", (_response, socket: Socket) => resolve(socket));
  call.on("response", (response) => reject(new Error(`no upgrade, but ${response.statusCode}`)));
  call.on("error", reject);
  call.end();
  return await promise;
}
