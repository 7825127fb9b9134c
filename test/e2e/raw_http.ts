import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes as they are and answers what comes back until the server closes: for what no HTTP client would send. */
export async function sendRaw(
  origin: string,
  message: string,
): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port || 80) });
  socket.setTimeout(
    20_000,
    () =>
      socket.destroy(
        new Error("The server has not closed the connection in 20 s."),
      ),
  );
  await once(socket, "connect");
  socket.write(message, "latin1");
  return await text(socket);
}
