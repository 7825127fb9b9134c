// An HTTP/2 server for Node that sends GOAWAY after every tenth request, as kube-apiserver does with --goaway-chance.
// Calls get an empty list; a watch (over HTTP/1.1) gets an event each 20 ms.
// Environment: CERT and KEY, PEM. Prints its port, and at its end the numbers of calls and of GOAWAYs.
import { createSecureServer } from "node:http2";

const { CERT: cert, KEY: key } = process.env;
let calls = 0;
let goaways = 0;
let event = 0;

const server = createSecureServer({ cert, key, allowHTTP1: true }, (request, response) => {
  if (request.url.includes("watch=true")) {
    const next = () => response.write(JSON.stringify({ type: "BOOKMARK", object: { event: ++event } }) + "\n");
    const timer = setInterval(next, 20);
    response.on("close", () => clearInterval(timer));
    response.writeHead(200, { "content-type": "application/json" });
    next();
    return;
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"metadata":{"resourceVersion":"1"},"items":[]}');
  if (++calls % 10 !== 0 || request.stream === undefined) return;
  goaways++;
  const { session } = request.stream;
  // A session that closes within its own callback has corrupted Node's memory.
  response.on("close", () => setImmediate(() => session.close()));
});
server.on("sessionError", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => {
  console.log(JSON.stringify({ calls, goaways }));
  process.exit(0);
});
