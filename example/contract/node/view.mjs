// A view in Node, without packages: one by its environment (cold), or by its assignment (warm).
import { timingSafeEqual } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { basename, dirname, join } from "node:path";
import process from "node:process";

const { VIEW_NAME, VIEW_POD_UID, VIEW_SUBSETS, AWS_CONFIG_FILE, HOST, PORT } = process.env;
const lake = AWS_CONFIG_FILE && dirname(AWS_CONFIG_FILE);
const warm = VIEW_POD_UID && !VIEW_NAME;
let view = warm ? undefined : { name: VIEW_NAME ?? "example", subsets: JSON.parse(VIEW_SUBSETS ?? "[]") };

// Nothing here waits, so that one assignment ends before the next begins: two gateways may send the same.
function assign(bearer = "", body) {
  const [given, own] = [bearer, `Bearer ${VIEW_POD_UID}`].map((text) => Buffer.from(text));
  if (given.length !== own.length || !timingSafeEqual(given, own)) return 401;
  let wanted;
  try {
    wanted = JSON.parse(body);
  } catch {
    return 400;
  }
  const { name, uid, subsets, files } = Object(wanted);
  if (!name || !uid || !Array.isArray(subsets) || Object(files) !== files) return 400;
  // A file may only be in the lake's directory.
  if (Object.keys(files).some((path) => !lake || join(lake, basename(path)) !== path)) return 400;
  if (view && view.uid !== uid) return 409;
  for (const [path, text] of Object.entries(files)) {
    // A reader sees the old or the new file, never a part.
    writeFileSync(`${path}.new`, text);
    chmodSync(`${path}.new`, 0o444);
    renameSync(`${path}.new`, path);
  }
  view ??= { name, uid, subsets };
  return 200;
}

async function answer(request) {
  const { method, url, headers } = request;
  if (warm && method === "POST" && url === "/_gate/assign") {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) {
      body += chunk;
      if (body.length > 256 * 1024) request.socket.destroy();
    }
    return [assign(headers.authorization, body)];
  }
  if (url === "/healthz") return [200, "ok"];
  return view ? [method === "GET" ? 200 : 404, JSON.stringify(view)] : [503, "no view yet"];
}

const server = createServer(async (request, response) => {
  const [status, text] = await answer(request).catch((error) => [500, String(error)]);
  response.writeHead(status).end(text);
}).listen(Number(PORT ?? 8080), HOST);
// A container's first process ignores SIGTERM unless it handles it. Gateways need a moment to learn that a view ends.
process.on("SIGTERM", () => setTimeout(end, view ? 500 : 0));

function end() {
  server.close(() => process.exit());
  // Node waits for each connection, also for one that never had a request.
  setTimeout(() => server.closeAllConnections(), 5_000);
}
