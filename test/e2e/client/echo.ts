import { once } from "node:events";
import { WebSocket } from "ws";

/** Opens a WebSocket of the example's page at /ws, and waits until it says something. */
export async function openEcho(origin: string, host: string, cookie: string): Promise<WebSocket> {
  const headers = { host, cookie, origin: `http://${host}` };
  const socket = new WebSocket(`${origin.replace(/^http/, "ws")}/ws`, { headers });
  await once(socket, "message");
  return socket;
}

/** Whether the page still answers. */
export async function echoes(socket: WebSocket, patience = 10_000): Promise<boolean> {
  if (socket.readyState !== WebSocket.OPEN) return false;
  const answered = once(socket, "message", { signal: AbortSignal.timeout(patience) });
  socket.send("still there?");
  return await answered.then(([text]) => String(text) === "still there?", () => false);
}
