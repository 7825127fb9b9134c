import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type { Address } from "../view/state.ts";
import { deny, Gateway, pass } from "./testing/gateway.ts";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { exchange } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";

const HOST = "Host: hello.localhost\r\nConnection: close\r\n";
const many = (fields: number, bytes: number) =>
  Array.from({ length: fields }, (_, i) => `x-${i}: ${"v".repeat(bytes)}\r\n`).join("");

/** Requests that Envoy answers itself: the status and the kind of the problem, and what its detail says. */
const REFUSED: Readonly<Record<string, readonly [request: string, status: number, kind: string, detail: RegExp]>> = {
  "an https URL without TLS": [
    `GET https://hello.localhost/ HTTP/1.1\r\n${HOST}\r\n`,
    ...[421, "https-without-tls", /https URL/] as const,
  ],
  "no Host": ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400, "no-host", /no Host/],
  "a malformed header": [`GET / HTTP/1.1\r\n${HOST}no colon\r\n\r\n`, 400, "bad-request", /http1\.codec_error/],
  "a control character": [`GET / HTTP/1.1\r\n${HOST}x: a\x01b\r\n\r\n`, 400, "bad-request", /http1\.[a-z_]+/],
  "a length and chunks": [
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ...[400, "bad-request", /content_length_and_chunked/] as const,
  ],
  "an encoding that nobody knows": [
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: rot13\r\n\r\n`,
    ...[501, "transfer-encoding", /but chunked/] as const,
  ],
  "too many fields": [`GET / HTTP/1.1\r\n${HOST}${many(120, 1)}\r\n`, 431, "headers-too-large", /100 fields or 60 KiB/],
  "too large a header": [`GET / HTTP/1.1\r\n${HOST}${many(10, 9_000)}\r\n`, 431, "headers-too-large", /60 KiB/],
  "no path": [`OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 404, "no-path", /has no path/],
  "an encoded NUL": [`GET /a%00b HTTP/1.1\r\n${HOST}\r\n`, 400, "invalid-path", /path_normalization_failed/],
  "another scheme": [`GET ftp://hello.localhost/ HTTP/1.1\r\n${HOST}\r\n`, 400, "bad-request", /invalid_scheme/],
  "a TLS handshake": ["\x16\x03\x01\x02", 400, "bad-request", /codec_error/],
  "CONNECT": [`CONNECT hello.localhost:80 HTTP/1.1\r\n${HOST}\r\n`, 404, "not-found", /no route for CONNECT/],
  "another host": [
    "GET / HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\n\r\n",
    404,
    "not-found",
    /serves localhost/,
  ],
};

Deno.test("each request that Envoy refuses gets its own cause", async (t) => {
  await using gateway = await Gateway.start();
  // Envoy waits a second before it closes a connection.
  const answers = await Promise.all(Object.values(REFUSED).map(([request]) => exchange(gateway.port, request)));
  for (const [i, [what, [, status, kind, detail]]] of Object.entries(REFUSED).entries()) {
    await t.step(what, () => {
      const answer = answers[i]!;
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(answer, /\r\ncontent-type: application\/problem\+json\r\n/);
      const problem = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
      assert.deepEqual([problem.type, problem.status], [`urn:view-gateway:${kind}`, status]);
      assert.match(problem.detail, detail);
    });
  }
});

Deno.test("an http URL in place of a path is the path's own request", async () => {
  await using gateway = await Gateway.start();
  const answer = await exchange(
    gateway.port,
    `GET http://localhost/here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n.*sidecar GET \/here$/s);
});

Deno.test("a stream of HTTP/2 for another protocol than websocket is not implemented", async () => {
  await using gateway = await Gateway.start();
  await using client = await connectOverHttp2(gateway.port);
  const stream = client.webSocket("hello.localhost", "/", { ":protocol": "chat" });
  const { status, body } = await client.answer(stream);
  assert.deepEqual([status, JSON.parse(body).type], [501, "urn:view-gateway:upgrade-refused"]);
});

Deno.test("a view's own answer of any status is its own, with its body, straight and through the gate", async () => {
  await using pod = await Pod.start("a", {
    answer: ({ url = "" }, response) => {
      const status = Number(url.slice(1));
      response.writeHead(status, { "x-own": "1", "content-type": "text/plain", "retry-after": "7" });
      response.end(status === 204 || status === 304 ? undefined : `mine ${status}`);
    },
  });
  await using gateway = await Gateway.start({
    check: async (request) => {
      await gateway.view("asleep", { serving: [pod.address] });
      return pass(request);
    },
  });
  await gateway.view("awake", { serving: [pod.address] });
  const statuses = [
    200,
    201,
    204,
    302,
    304,
    400,
    401,
    403,
    404,
    408,
    413,
    421,
    426,
    429,
    431,
    500,
    501,
    502,
    503,
    504,
    511,
  ];
  for (const status of statuses) {
    await gateway.view("asleep");
    for (const host of ["awake.localhost", "asleep.localhost"]) {
      const { status: got, headers, body } = await gateway.ask(host, { path: `/${status}` });
      const own = status === 204 || status === 304 ? "" : `mine ${status}`;
      assert.deepEqual([got, headers["x-own"], headers["retry-after"], body], [status, "1", "7", own]);
    }
  }
  assert.equal(pod.requests.length, 2 * statuses.length);
});

Deno.test("a view that breaks HTTP gets a problem that says so", async () => {
  await using server = await RawPod.start();
  await using gateway = await Gateway.start();
  await gateway.view("hello", { serving: [server.address] });
  const kinds = {
    "no HTTP at all\r\n\r\n": "invalid-answer",
    "HTTP/1.1 200 OK\r\nCont": "invalid-answer",
    "": "connection-closed",
  };
  for (const [bytes, kind] of Object.entries(kinds)) {
    server.answer = bytes;
    const { status, body } = await gateway.ask("hello.localhost", { method: "POST" });
    assert.deepEqual([JSON.parse(body).type, JSON.parse(body).status], [`urn:view-gateway:${kind}`, status], bytes);
  }
});

Deno.test("a browser that opens a page is answered with one, and comes back by itself where that helps", async () => {
  await using pod = await RawPod.start();
  await using gateway = await Gateway.start();
  await gateway.view("hello", { serving: [pod.address] });
  const browser = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "accept": "text/html,*/*;q=0.8" };
  const older = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", "accept": "text/html,*/*;q=0.8" };

  for (const headers of [browser, older]) {
    const elsewhere = await gateway.ask("x.example", { headers });
    assert.deepEqual([elsewhere.status, elsewhere.headers["content-type"]], [404, "text/html; charset=utf-8"]);
    assert.equal(elsewhere.headers["cache-control"], "no-store");
    assert.match(elsewhere.body, /This gateway serves localhost/);
    assert.doesNotMatch(elsewhere.body, /refresh/);
  }
  const page = await gateway.ask("hello.localhost", { headers: browser });
  assert.deepEqual([page.status, page.headers["retry-after"]], [503, "2"]);
  assert.match(page.headers["content-security-policy"] as string, /^default-src 'none'; .* style-src 'sha256-/);
  assert.match(page.body, /^\s*<!doctype html>.*width: 100%.*The connection to the server of hello\.localhost/s);
  assert.match(page.body, /<meta http-equiv="refresh" content="5">/);

  for (const [name, value] of [["sec-fetch-mode", "cors"], ["sec-fetch-dest", "iframe"], ["accept", "*/*"]] as const) {
    const { headers } = await gateway.ask("x.example", { headers: { ...browser, [name]: value } });
    assert.equal(headers["content-type"], "application/problem+json", name);
  }
});

Deno.test("a page of Envoy names the contact, whatever characters it has", async () => {
  const text = "100%REQ(:PATH)% @1@ %% <b>data</b>";
  await using gateway = await Gateway.start({ settings: { contact: text } });
  const headers = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "accept": "text/html" };
  const { status, body } = await gateway.ask("x.example", { headers });
  assert.equal(status, 404);
  assert.ok(body.includes("<bdi>100%REQ(:PATH)% @1@ %% &lt;b&gt;data&lt;/b&gt;</bdi>"), body);
  assert.match(body, /serves localhost/);
});

Deno.test("a host that could become a part of a page is refused", async () => {
  await using gateway = await Gateway.start({ check: () => Promise.resolve(deny(404, "")) });
  for (const host of ["<b>.localhost", 'a"b.localhost']) {
    const { status, body } = await gateway.ask(host, { headers: { accept: "text/html", "user-agent": "Mozilla/5.0" } });
    assert.deepEqual([status, JSON.parse(body).status], [400, 400], host);
  }
});

/** Writes these bytes, whatever it is asked, and closes. */
class RawPod implements AsyncDisposable {
  answer = "";
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<RawPod> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const pod = new RawPod(server);
    server.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(pod.answer));
    });
    return pod;
  }

  get address(): Address {
    return this.#server.address() as AddressInfo;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
