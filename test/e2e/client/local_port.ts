import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

/** A port on loopback that leads to an origin, as a person has who reaches a gateway at `localhost`. */
export async function localPort(origin: string): Promise<{ readonly port: number } & Disposable> {
  const { hostname, port } = new URL(origin);
  const server = createServer((socket) => {
    const there = connect(Number(port || 80), hostname);
    socket.on("error", () => there.destroy());
    there.on("error", () => socket.destroy());
    socket.pipe(there).pipe(socket);
  });
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => server.close() };
}
