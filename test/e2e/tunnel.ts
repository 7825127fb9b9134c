import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { PortForward } from "@kubernetes/client-node";
import { config } from "./cluster.ts";

/** A port on loopback that leads to pods through the API server, to each in turn: as `kubectl port-forward` does. */
export async function tunnel(
  namespace: string,
  pods: readonly string[],
  port: number,
): Promise<string> {
  const forward = new PortForward(config);
  let next = 0;
  const server = createServer((socket) => {
    const pod = pods[next++ % pods.length]!;
    socket.on("error", () => socket.destroy());
    forward.portForward(namespace, pod, [port], socket, null, socket).then(
      (connection) => {
        const webSocket = typeof connection === "function" ? connection() : connection;
        webSocket?.on("close", () => socket.destroy());
        socket.on("close", () => webSocket?.close());
      },
      (error) => socket.destroy(error),
    );
  });
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
