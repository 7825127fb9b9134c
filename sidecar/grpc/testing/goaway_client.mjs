// An HTTP/2 client, run by Node, that calls a gRPC server on a unix socket and leaves each connection under load: it
// says GOAWAY, with one code or another, or cuts the socket. Environment: SOCKET, HOW (goaway or cut), ROUNDS; METHOD,
// the path of a method that answers what it is sent, and MESSAGE in base64, what that is. One call in ten does not end. Prints how
// many calls were answered on the way, and how many of 20 on a last connection that is left alone.
import { connect } from "node:http2";
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const { SOCKET, HOW, ROUNDS, METHOD = "/test.Test/Talk", MESSAGE = "" } = process.env;
const CODES = [0, 0, 2, 11];
const message = Buffer.from(MESSAGE, "base64");
const FRAME = Buffer.concat([Buffer.from([0, 0, 0, message.length >> 8, message.length & 255]), message]);

function open() {
  const socket = createConnection(SOCKET);
  const session = connect("http://localhost", { createConnection: () => socket });
  session.on("error", () => {});
  return { session, socket };
}

/** Resolves with whether the call was answered. */
function call(session, path, ends) {
  return new Promise((resolve) => {
    let stream;
    try {
      const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
      stream = session.request(headers);
    } catch {
      return resolve(false);
    }
    let status;
    stream.on("trailers", (trailers) => status = trailers["grpc-status"]);
    stream.on("error", () => {});
    stream.on("close", () => resolve(status === "0"));
    stream.resume();
    if (ends) stream.end(FRAME);
    else stream.write(FRAME);
  });
}

async function leave({ session, socket }, round) {
  if (HOW === "cut") return socket.destroy();
  if (session.destroyed) return;
  session.goaway(CODES[round % CODES.length]);
  if (round % 2 === 0) session.close();
  await pause(20);
  session.destroy();
}

let answered = 0;
let left = 0;
const load = async () => {
  for (let round = 0; round < Number(ROUNDS); round++) {
    const connection = open();
    const one = (i) => call(connection.session, METHOD, i % 10 !== 0);
    const calls = Array.from({ length: 40 }, (_, i) => one(i));
    // Before there is a connection at all, before the first answer, or while the others come.
    if (round % 3 !== 2) await pause(round % 25);
    else await Promise.any(calls.map(async (call) => await call || Promise.reject())).catch(() => {});
    await leave(connection, round);
    left++;
    answered += (await Promise.all(calls)).filter(Boolean).length;
  }
};
await Promise.all([load(), load(), load(), load()]);
const { session } = open();
const last = await Promise.all(Array.from({ length: 20 }, () => call(session, METHOD, true)));
session.close();
console.log(JSON.stringify({ answered, left, last: last.filter(Boolean).length }));
