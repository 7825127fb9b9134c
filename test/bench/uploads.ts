import { connect, type Socket } from "node:net";

/** Clients of HTTP/1.1 that each push a body at a view, and then go away without a word more. */
export class Uploads {
  readonly #sockets: readonly Socket[];
  #answered = 0;

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    for (const socket of sockets) {
      socket.on("error", () => {});
      socket.once("data", () => this.#answered++);
    }
  }

  /** @param hosts one for each client */
  static start(port: number, hosts: readonly string[], bytes: number): Uploads {
    const body = Buffer.alloc(bytes);
    return new Uploads(hosts.map((host) => {
      const socket = connect(port, "127.0.0.1");
      socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n\r\n`);
      socket.write(body);
      return socket;
    }));
  }

  /** How many have had an answer. */
  get answered(): number {
    return this.#answered;
  }

  vanish(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
