/** Addresses of the node, with something that listens there. This has to run as root in the node's network. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Listens on an address of the node until the end of the scope. Answers the port. */
export async function listenOnNode(
  address: string,
  port = 0,
): Promise<{ readonly port: number } & Disposable> {
  const server = createServer((socket) => socket.end());
  server.listen(port, address);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => void server.close(),
  };
}

/** Gives the node one more address until the end of the scope. */
export async function addAddress(address: string): Promise<AsyncDisposable> {
  const change = (what: "add" | "delete") => execute("ip", ["address", what, `${address}/32`, "dev", "lo"]);
  await change("add");
  return {
    async [Symbol.asyncDispose]() {
      await change("delete");
    },
  };
}
