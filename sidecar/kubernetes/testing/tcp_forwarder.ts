import { KubeConfig } from "@kubernetes/client-node";

/** A TCP forwarder in front of the API server that can fall silent, like a frozen machine or a broken network. */
export interface TcpForwarder extends AsyncDisposable {
  /** A configuration with the forwarder's address. */
  readonly load: () => KubeConfig;
  /** Stops all traffic: connections stay open, new ones are accepted, and none gets a byte. */
  silence(): void;
  /** Lets new connections pass; the former ones stay silent. */
  restore(): void;
  /** Closes all connections. */
  cut(): void;
  /** When each connection was accepted, in milliseconds since the epoch. */
  readonly accepted: readonly number[];
  /** Bytes that the API server has sent. */
  readonly received: number;
}

export function tcpForwarder(config: KubeConfig): TcpForwarder {
  const cluster = config.getCurrentCluster()!;
  const target = new URL(cluster.server);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<{ readonly conns: Deno.Conn[]; silent: boolean }>();
  let silent = false;
  const accepted: number[] = [];
  let received = 0;
  const close = (conn: Deno.Conn) => {
    try {
      conn.close();
    } catch {
      // It is already closed.
    }
  };

  const carry = async (client: Deno.Conn) => {
    const pair = { conns: [client], silent };
    connections.add(pair);
    try {
      const server = await Deno.connect({ hostname: target.hostname, port: Number(target.port || 443) });
      pair.conns.push(server);
      const pump = async (from: Deno.Conn, to: Deno.Conn, count?: (bytes: number) => void) => {
        const buffer = new Uint8Array(64 * 1024);
        for (let n = await from.read(buffer); n !== null; n = await from.read(buffer)) {
          if (pair.silent) continue;
          count?.(n);
          for (let sent = 0; sent < n;) sent += await to.write(buffer.subarray(sent, n));
        }
      };
      const pumps = [pump(client, server), pump(server, client, (bytes) => received += bytes)];
      await Promise.race(pumps.map((end) => end.catch(() => undefined)));
    } catch {
      // The API server is unreachable, so the forwarder is too.
    } finally {
      pair.conns.forEach(close);
      connections.delete(pair);
    }
  };
  const accepting = (async () => {
    const carried: Promise<void>[] = [];
    for await (const client of listener) {
      accepted.push(Date.now());
      carried.push(carry(client));
    }
    await Promise.all(carried);
  })();
  const cut = () => [...connections].forEach(({ conns }) => conns.forEach(close));

  return {
    load: () => {
      const through = new KubeConfig();
      const port = (listener.addr as Deno.NetAddr).port;
      const server = `${target.protocol}//127.0.0.1:${port}`;
      through.loadFromClusterAndUser({ ...cluster, server }, config.getCurrentUser()!);
      return through;
    },
    silence() {
      silent = true;
      connections.forEach((pair) => pair.silent = true);
    },
    restore: () => silent = false,
    cut,
    accepted,
    get received() {
      return received;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      cut();
      await accepting;
    },
  };
}
