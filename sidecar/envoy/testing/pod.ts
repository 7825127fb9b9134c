import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Address } from "../../view/state.ts";

/** What a pod has seen of a request. */
export interface Seen {
  readonly pod: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly sha256: string;
}

interface PodOptions {
  /** Answers in place of the pod; it has seen the whole body. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Gets each whole body. */
  readonly onBody?: (method: string, body: string) => void;
  readonly port?: number;
  /** Default: the loopback address. */
  readonly host?: string;
}

/** The web server of a view's pod. It answers with what it has seen, and echoes a WebSocket. */
export class Pod implements AsyncDisposable {
  readonly address: Address;
  readonly requests: Seen[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    const { address, port } = server.address() as AddressInfo;
    this.address = { address, port };
  }

  static async start(name: string, { answer, onBody, port = 0, host = "127.0.0.1" }: PodOptions = {}): Promise<Pod> {
    const server = createServer();
    server.listen(port, host);
    await once(server, "listening");
    const pod = new Pod(server);
    server.on("connection", (socket) => {
      pod.#sockets.add(socket);
      socket.on("close", () => pod.#sockets.delete(socket));
    });
    server.on("request", async (request, response) => {
      const hash = createHash("sha256");
      let bytes = 0;
      const parts: Uint8Array[] = [];
      try {
        for await (const part of request) {
          bytes += part.length;
          hash.update(part);
          if (onBody) parts.push(part);
        }
      } catch {
        return; // The client has hung up.
      }
      const { method = "", url: path = "" } = request;
      const headers = request.headers as Record<string, string>;
      const seen: Seen = { pod: name, method, path, headers, bytes, sha256: hash.digest("hex") };
      pod.requests.push(seen);
      onBody?.(method, Buffer.concat(parts).toString());
      if (answer) return answer(request, response);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(seen));
    });
    server.on("upgrade", (_request, socket: Socket) => {
      socket.on("error", () => {});
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.pipe(socket);
    });
    return pod;
  }

  /** Vanishes: its port refuses connections, and the open ones are cut. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
