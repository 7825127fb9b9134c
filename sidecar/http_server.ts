import { removeSocket } from "./socket.ts";

type Handler = (request: Request) => Response | Promise<Response>;

/** A server of HTTP on a unix socket, or at an address. */
export class HttpServer {
  readonly #server: Deno.HttpServer;

  private constructor(server: Deno.HttpServer) {
    this.#server = server;
  }

  /** A socket that a former process left there is removed. */
  static async onSocket(path: string, handler: Handler): Promise<HttpServer> {
    await removeSocket(path);
    return new HttpServer(Deno.serve({ path, onListen: () => {} }, (request) => handler(request)));
  }

  /** @param address `HOST:PORT`, an IPv6 host in brackets */
  static onAddress(address: string, handler: Handler): HttpServer {
    const colon = address.lastIndexOf(":");
    const hostname = address.slice(0, colon).replace(/^\[|\]$/g, "");
    const port = Number(address.slice(colon + 1));
    return new HttpServer(Deno.serve({ hostname, port, onListen: () => {} }, (request) => handler(request)));
  }

  /** The TCP port; 0 on a socket. */
  get port(): number {
    const { addr } = this.#server;
    return "port" in addr ? addr.port : 0;
  }

  /** Takes no more requests and waits for those that go on; leaves them after so many milliseconds. */
  async stop(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const limit = setTimeout(resolve, milliseconds);
    await Promise.race([this.#server.shutdown(), promise]);
    clearTimeout(limit);
  }
}
