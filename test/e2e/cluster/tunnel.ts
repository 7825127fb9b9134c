import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { PortForward } from "@kubernetes/client-node";
import { config } from "./cluster.ts";

/**
 * A port on loopback that leads to pods through the API server, as `kubectl port-forward` does. Each connection goes to the
 * next of the current pods, so that the tunnel follows when pods are replaced.
 */
export async function tunnel(
  namespace: string,
  pods: () => Promise<readonly string[]>,
  port: number,
): Promise<string> {
  const forward = new PortForward(config);
  let next = 0;
  const connect = async (socket: Socket) => {
    const names = await pods();
    if (names.length === 0) throw new Error(`There is no pod in namespace ${namespace} to lead to.`);
    const pod = names[next++ % names.length]!;
    const connection = await forward.portForward(namespace, pod, [port], socket, null, socket);
    const webSocket = typeof connection === "function" ? connection() : connection;
    webSocket?.on("close", () => socket.destroy());
    socket.on("close", () => webSocket?.close());
  };
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    connect(socket).catch((error) => socket.destroy(error));
  });
  server.unref();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
