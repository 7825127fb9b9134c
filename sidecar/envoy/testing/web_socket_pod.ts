import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Address } from "../../view/state.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key?: string | undefined;
  readonly cookie?: string | undefined;
}

/**
 * A view's pod that answers each handshake of a WebSocket with the status that the path says, and echoes where that is 101.
 */
export class WebSocketPod implements AsyncDisposable {
  readonly address: Address;
  readonly requests: Asked[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    const { address, port } = server.address() as AddressInfo;
    this.address = { address, port };
  }

  static async start(): Promise<WebSocketPod> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const pod = new WebSocketPod(server);
    server.on("connection", (socket) => {
      pod.#sockets.add(socket);
      socket.on("close", () => pod.#sockets.delete(socket));
    });
    server.on("upgrade", ({ method = "", url: path = "", headers }, socket: Socket, following: Uint8Array) => {
      const key = headers["sec-websocket-key"];
      const status = Number(path.slice(1));
      pod.requests.push({ method, path, key, ...headers.cookie !== undefined && { cookie: headers.cookie } });
      socket.on("error", () => {});
      if (status === 101) {
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            `Sec-WebSocket-Accept: ${accepts(key ?? "")}\r\n\r\n`,
        );
        socket.pipe(socket);
        return;
      }
      const body = "Content-Type: text/x-own\r\nContent-Encoding: identity\r\nContent-Length: 4\r\n\r\nmine";
      const own = "X-Own: 1\r\nLocation: /there\r\n";
      socket.write(`HTTP/1.1 ${status} Own\r\n${own}${status === 204 ? "\r\n" : body}`);
      // A server that takes no notice of an Upgrade takes what follows for the next request.
      const next = (bytes: Uint8Array) => {
        for (const [, method, path] of new TextDecoder().decode(bytes).matchAll(/^([A-Z]+) (\S+) HTTP/gm)) {
          pod.requests.push({ method: method!, path: path! });
        }
      };
      next(following);
      socket.on("data", next);
    });
    return pod;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }
}

/** https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2 */
function accepts(key: string): string {
  return createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
}
