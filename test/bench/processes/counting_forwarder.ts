/** A TCP forwarder in front of the API server, which counts, and can close all of its connections. */
export class CountingForwarder implements AsyncDisposable {
  /** Bytes that the API server has sent. */
  received = 0;
  /** When each connection came, in milliseconds since the epoch. */
  accepted: number[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #target: { readonly hostname: string; readonly port: number };
  readonly #accepting: Promise<void>;

  /** @param server of a kubeconfig */
  constructor(server: string) {
    const { hostname, port } = new URL(server);
    this.#target = { hostname, port: Number(port) };
    this.#accepting = this.#accept();
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  /** Closes all connections. */
  cut(): void {
    for (const connection of [...this.#open]) this.#close(connection);
  }

  async #accept(): Promise<void> {
    const carried: Promise<void>[] = [];
    for await (const client of this.#listener) {
      this.accepted.push(Date.now());
      carried.push(this.#carry(client));
    }
    await Promise.all(carried);
  }

  async #carry(client: Deno.Conn): Promise<void> {
    this.#open.add(client);
    try {
      const server = await Deno.connect(this.#target);
      this.#open.add(server);
      const pumps = [
        this.#pump(client, server, () => {}),
        this.#pump(server, client, (bytes) => this.received += bytes),
      ];
      await Promise.race(pumps);
      this.#close(server);
    } catch {
      // The API server is away.
    } finally {
      this.#close(client);
    }
  }

  async #pump(from: Deno.Conn, to: Deno.Conn, count: (bytes: number) => void): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    try {
      for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
        count(n);
        for (let sent = 0; sent < n;) sent += await to.write(buffer.subarray(sent, n));
      }
    } catch {
      // One of both has ended.
    }
  }

  #close(connection: Deno.Conn): void {
    if (!this.#open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // It has ended already.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#accepting;
  }
}
