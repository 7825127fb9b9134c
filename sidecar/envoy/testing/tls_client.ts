import { Buffer } from "node:buffer";
import { type Agent, request } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { HANDSHAKE, type HttpAnswer, type HttpRequest, upgradedSocket } from "./http_client.ts";

/** A request by TLS to 127.0.0.1. Its Host is also the name that the certificate must have. */
export interface TlsRequest extends HttpRequest {
  /** PEM: the authority that the client trusts. */
  readonly ca: string;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
}

export interface TlsAnswer extends HttpAnswer {
  /** Serial number of the certificate. */
  readonly serial: string;
}

/** Sends one HTTP/1.1 request over TLS. */
export async function sendOverTls(
  { ca, host, port, path = "/", method = "GET", headers, body, timeout = 30_000, agent }: TlsRequest,
): Promise<TlsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<TlsAnswer>();
  const call = request({
    ...{ host: "127.0.0.1", port, path, method, setHost: false, ca, servername: host.replace(/:.*/, "") },
    agent: agent ?? false,
    headers: { host, ...agent === undefined && { connection: "close" }, ...headers },
    signal: AbortSignal.timeout(timeout),
  }, (response) => {
    const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
    const parts: Uint8Array[] = [];
    response.on("data", (part) => parts.push(part));
    response.on("error", reject);
    response.on("end", () => {
      const { statusCode: status = 0, headers } = response;
      resolve({ status, headers, body: Buffer.concat(parts).toString(), serial });
    });
  });
  call.on("error", reject);
  call.end(body);
  return await promise;
}

/** Opens a WebSocket's connection over TLS: the socket after the 101. */
export async function upgradeOverTls({ ca, host, port, path = "/", headers }: TlsRequest): Promise<Socket> {
  return await upgradedSocket(request({
    ...{ host: "127.0.0.1", port, path, agent: false, setHost: false, ca, servername: host },
    headers: { host, ...HANDSHAKE, ...headers },
  }));
}
