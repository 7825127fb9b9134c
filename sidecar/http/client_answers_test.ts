import { deepEqual, equal, match, ok } from "node:assert/strict";
import { clientAnswers } from "./client_answers.ts";
import { type Handler, HttpServer } from "./http_server.ts";
import { problem, problemResponse } from "./problem.ts";

const NAVIGATION = "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a client reads of the answer to one request, to the end of the connection. */
async function ask(handler: Handler, method: string, more = "", host = "localhost"): Promise<Raw> {
  const server = HttpServer.onAddress("127.0.0.1:0", clientAnswers(handler));
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(
    new TextEncoder().encode(`${method} /a HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`),
  );
  const [head = "", body = ""] = (await new Response(connection.readable).text()).split(/\r\n\r\n([^]*)/);
  const [status = "", ...lines] = head.split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => {
    const [name = "", value = ""] = line.split(/: (.*)/);
    return [name.toLowerCase(), value];
  }));
  await server.stop(1_000);
  delete headers.date;
  return { status: Number(status.split(" ")[1]), headers, body };
}

const notThere = () => problemResponse(problem(404, "not-found", "There is nothing at /a."));

Deno.test("HEAD has the headers of GET, the length included, and no body", async () => {
  const answers: Handler[] = [
    () => new Response("hello"),
    () => Response.json({ name: "hello" }, { status: 201, headers: { location: "/hello" } }),
    () => new Response(null, { status: 204 }),
    notThere,
  ];
  for (const answer of answers) {
    const [get, head] = [await ask(answer, "GET"), await ask(answer, "HEAD")];
    deepEqual([head.status, head.headers], [get.status, get.headers]);
    equal(head.body, "");
  }
  equal((await ask(() => new Response("hello"), "HEAD")).headers["content-length"], "5");
});

Deno.test("a handler sees no HEAD, so that none can answer it otherwise", async () => {
  const seen: string[] = [];
  const handler = (request: Request) => (seen.push(request.method), new Response("hello"));
  for (const method of ["HEAD", "GET", "DELETE"]) await ask(handler, method);
  deepEqual(seen, ["GET", "GET", "DELETE"]);
});

Deno.test("HEAD of a stream claims no length, and ends the stream", async () => {
  const ended = Promise.withResolvers<void>();
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1)),
        cancel: () => ended.resolve(),
      }),
    );
  const { headers } = await ask(endless, "HEAD");
  equal(headers["content-length"], undefined);
  await ended.promise;
});

Deno.test("no answer is kept or taken for another type, unless it says so itself", async () => {
  const { headers } = await ask(() => new Response("hello"), "GET");
  deepEqual([headers["cache-control"], headers["x-content-type-options"]], ["no-store", "nosniff"]);
  const own = await ask(() => new Response("hello", { headers: { "cache-control": "max-age=60" } }), "GET");
  equal(own.headers["cache-control"], "max-age=60");
});

Deno.test("a problem is a page to a person in front of a browser, and JSON to all else", async () => {
  const refused = () => {
    const response = problemResponse(problem(405, "method-not-allowed", "Use <b>POST</b>."), 2);
    response.headers.set("allow", "POST");
    return response;
  };
  const page = await ask(refused, "GET", NAVIGATION);
  equal(page.status, 405);
  equal(page.headers["content-type"], "text/html; charset=utf-8");
  deepEqual([page.headers.allow, page.headers["retry-after"]], ["POST", "2"]);
  match(page.headers["content-security-policy"]!, /default-src 'none'/);
  match(page.body, /<h1>Method Not Allowed<\/h1>[^]*Use &lt;b&gt;POST&lt;\/b&gt;\./);

  equal((await ask(refused, "GET")).headers["content-type"], "application/problem+json");
  equal((await ask(() => Response.json({}), "GET", NAVIGATION)).headers["content-type"], "application/json");
});

Deno.test("a page says whom to ask, unless the reader can correct the request", async () => {
  const asks = async (status: number) => {
    const answer = clientAnswers(() => problemResponse(problem(status, "kind", "no")), { text: "the data team" });
    const headers = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    return (await (await answer(new Request("http://localhost/a", { headers }))).text()).includes("the data team");
  };
  for (const status of [401, 403, 404, 500, 503]) equal(await asks(status), true, String(status));
  for (const status of [400, 405, 409, 422]) equal(await asks(status), false, String(status));
});

Deno.test("a fault, and a host that no URL may have, are answered in the same way", async () => {
  const broken = () => {
    throw new Error("secret");
  };
  const fault = await ask(broken, "GET");
  deepEqual([fault.status, fault.headers["x-content-type-options"]], [500, "nosniff"]);
  ok(!fault.body.includes("secret"));
  equal(
    (await ask(() => Promise.reject(new Error("secret")), "GET", NAVIGATION)).headers["content-type"],
    "text/html; charset=utf-8",
  );
  equal((await ask(notThere, "HEAD", "", "[::1].localhost")).status, 400);
});
