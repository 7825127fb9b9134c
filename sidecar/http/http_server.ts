/** This folder serves HTTP, and writes errors as problems (RFC 9457). */
import { aborted } from "../async/aborted.ts";
import { Deadline } from "../async/deadline.ts";
import { logger } from "../logging.ts";
import { problem, problemResponse } from "./problem.ts";
import { removeSocket } from "./socket.ts";

export type Handler = (request: Request) => Response | Promise<Response>;

/** An HTTP server on a unix socket or an address. */
export class HttpServer {
  readonly #server: Deno.HttpServer;

  private constructor(server: Deno.HttpServer) {
    this.#server = server;
  }

  /** Removes a socket that a former process left there. */
  static async onSocket(path: string, handler: Handler): Promise<HttpServer> {
    await removeSocket(path);
    return new HttpServer(Deno.serve({ path, ...options }, handler));
  }

  /** @param address `HOST:PORT`, an IPv6 host in brackets */
  static onAddress(address: string, handler: Handler): HttpServer {
    const colon = address.lastIndexOf(":");
    const hostname = address.slice(0, colon).replace(/^\[|\]$/g, "");
    const port = Number(address.slice(colon + 1));
    return new HttpServer(Deno.serve({ hostname, port, ...options }, handler));
  }

  /** The TCP port; 0 on a socket. */
  get port(): number {
    const { addr } = this.#server;
    return "port" in addr ? addr.port : 0;
  }

  /** Takes no more requests and waits for those that go on; leaves them after this many milliseconds. */
  async stop(milliseconds: number): Promise<void> {
    using limit = new Deadline([], milliseconds);
    await Promise.race([this.#server.shutdown(), aborted(limit.signal)]);
  }
}

const log = logger("http");

/** The response to a request whose handler threw. */
export function faultResponse(error: unknown): Response {
  log.error("A request could not be answered: {error}", { error });
  return problemResponse(problem(500, "internal", "The gateway could not answer the request; its log tells why."));
}

const options = { onListen: () => {}, onError: faultResponse };

/**
 * Answers requests without a valid URL. Deno builds the URL from the Host, and Envoy lets through hosts that no URL may
 * have, such as `[::1].localhost`.
 */
export function requireUrl(handler: Handler): Handler {
  return (request) =>
    URL.canParse(request.url)
      ? handler(request)
      : problemResponse(problem(400, "bad-request", "The request's Host is not one that a URL may have."));
}
