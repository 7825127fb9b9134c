import { Buffer } from "node:buffer";
import { type IncomingHttpHeaders, request } from "node:http";

export interface SocketAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a GET to a server on a unix socket, on a connection of its own. */
export function ask(
  socketPath: string,
  { path = "/", headers, signal }: {
    readonly path?: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  },
): Promise<SocketAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SocketAnswer>();
  const call = request({
    ...{ socketPath, path, agent: false, setHost: false },
    headers: { connection: "close", ...headers },
    ...signal && { signal },
  }, (response) => {
    const parts: Uint8Array[] = [];
    response.on("data", (part) => parts.push(part));
    response.on("error", reject);
    response.on("end", () => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString() });
    });
  });
  call.on("error", reject);
  call.end();
  return promise;
}
