/**
 * HTTP/1.1 clients that send a body each, to one view or to a view each: `uploads.ts PORT CLIENTS BYTES one|each`. At the
 * first line of standard input they close their connections, and print how many requests were refused.
 */
import { createInterface } from "node:readline";
import { connect } from "node:net";
import { stdin } from "node:process";

const [port, clients, bytes] = Deno.args.slice(0, 3).map(Number) as [number, number, number];
const body = Buffer.alloc(bytes);
let refused = 0;
const sockets = Array.from({ length: clients }, (_, i) => {
  const host = Deno.args[3] === "one" ? "asleep.localhost" : `asleep-${i}.localhost`;
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.once("data", () => refused++);
  socket.write(`POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${bytes}\r\n\r\n`);
  socket.write(body);
  return socket;
});
console.log("pushing");
createInterface({ input: stdin }).once("line", () => {
  for (const socket of sockets) socket.destroy();
  console.log(refused);
});
