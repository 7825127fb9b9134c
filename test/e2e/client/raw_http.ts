import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes that no HTTP client would send, and answers all that comes back until the server closes. */
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

/**
 * Sends bytes, one for each character, and answers what has come back as soon as an answer is complete, the server has
 * closed, or `patience` milliseconds have passed.
 */
export async function exchange(origin: string, message: string, patience: number): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port || 80) });
  let answer = "";
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(patience, resolve);
      socket.once("connect", () => socket.write(message, "latin1"));
      socket.on("data", (chunk) => {
        answer += chunk.toString("latin1");
        if (isWhole(answer)) resolve();
      });
      socket.once("close", () => resolve());
      // A server may reset a connection that it does not want to read to the end.
      socket.once("error", (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED" ? reject(error) : resolve());
    });
  } finally {
    socket.destroy();
  }
  return answer;
}

/** Whether an answer has its head, and a body as long as the head says. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = Number(/^content-length: (\d+)$/im.exec(answer.slice(0, end))?.[1] ?? 0);
  return answer.length >= end + 4 + length;
}
