// An HTTP/2 client, run by Node, that calls a gRPC server on a unix socket and leaves each connection under load: it
// says GOAWAY, with one code or another, or cuts the socket. Environment: SOCKET, HOW (goaway or cut), ROUNDS. Prints
// how many calls were answered on the way, and how many of 20 on a last connection that is left alone.
import { connect } from "node:http2";
import { createConnection } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const { SOCKET, HOW, ROUNDS } = process.env;
const CODES = [0, 0, 2, 11];
const EMPTY = Buffer.from([0, 0, 0, 0, 0]);

function open() {
  const socket = createConnection(SOCKET);
  const session = connect("http://localhost", { createConnection: () => socket });
  session.on("error", () => {});
  return { session, socket };
}

/** Resolves with whether the call was answered. */
function call(session, path) {
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
    if (path.endsWith("Ask")) stream.end(EMPTY);
    else stream.write(EMPTY);
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
    const path = (i) => i % 10 === 0 ? "/test.Test/Talk" : "/test.Test/Ask";
    const calls = Array.from({ length: 40 }, (_, i) => call(connection.session, path(i)));
    await pause(round % 25);
    await leave(connection, round);
    left++;
    answered += (await Promise.all(calls)).filter(Boolean).length;
  }
};
await Promise.all([load(), load(), load(), load()]);
const { session } = open();
const last = await Promise.all(Array.from({ length: 20 }, () => call(session, "/test.Test/Ask")));
session.close();
console.log(JSON.stringify({ answered, left, last: last.filter(Boolean).length }));
