/** Requests that no usual client sends, to a whole gateway: they open nothing, and tell a stranger nothing. */
import { deepEqual, equal } from "node:assert/strict";
import { connectOverHttp2 } from "../envoy/testing/http2_client.ts";
import { clusterTest } from "../kubernetes/testing/namespace.ts";
import { closedGateway } from "../testing/closed_gateway.ts";
import { eventually } from "../testing/eventually.ts";
import { machineAddress } from "../testing/machine_address.ts";

/** Heads of requests to a view, whose name stands for VIEW. */
const HEADS: Readonly<Record<string, string>> = {
  "HEAD": "HEAD / HTTP/1.1\r\nHost: VIEW.localhost",
  "OPTIONS": "OPTIONS / HTTP/1.1\r\nHost: VIEW.localhost\r\nOrigin: http://evil.localhost",
  "a preflight": "OPTIONS / HTTP/1.1\r\nHost: VIEW.localhost\r\nOrigin: null\r\nAccess-Control-Request-Method: PUT",
  "OPTIONS of the server": "OPTIONS * HTTP/1.1\r\nHost: VIEW.localhost",
  "TRACE": "TRACE / HTTP/1.1\r\nHost: VIEW.localhost",
  "PURGE": "PURGE / HTTP/1.1\r\nHost: VIEW.localhost",
  "CONNECT": "CONNECT VIEW.localhost:80 HTTP/1.1\r\nHost: VIEW.localhost:80",
  "a host in capitals with a dot and a port": "GET / HTTP/1.1\r\nHost: VIEW.LOCALHOST.:8080",
  "an absolute form": "GET http://VIEW.localhost/ HTTP/1.1\r\nHost: localhost",
  "an absolute form with a user": "GET http://a:b@VIEW.localhost/ HTTP/1.1\r\nHost: VIEW.localhost",
  "HTTP/1.0": "GET / HTTP/1.0\r\nHost: VIEW.localhost",
  "HTTP/1.0 without a host": "GET http://VIEW.localhost/ HTTP/1.0",
  "two hosts": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nHost: localhost",
  "a user before the host": "GET / HTTP/1.1\r\nHost: a@VIEW.localhost",
  "a host below": "GET / HTTP/1.1\r\nHost: a.VIEW.localhost",
  "the public cluster's name": "GET / HTTP/1.1\r\nHost: VIEW.public.localhost",
  "an IPv6 host": "GET / HTTP/1.1\r\nHost: [::1]:8080",
  "a WebSocket": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "an upgrade to HTTP/2": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nConnection: close, Upgrade, HTTP2-Settings\r\n" +
    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
  "a bare HTML navigation":
    "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nAccept: text/html\r\nSec-Fetch-Mode: navigate\r\n" +
    "Sec-Fetch-Dest: document",
  "Expect": "POST / HTTP/1.1\r\nHost: VIEW.localhost\r\nExpect: 100-continue\r\nContent-Length: 0",
  "a crowd of pass headers": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nX-Gate-Pass: 9\r\nX-Gate-Unavailable: a",
  "a forged denial": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nX-Gate-Denial: a.e30\r\nX-Gate-Body: 9 chunked",
  "a forged identity twice": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nX-View: VIEW\r\nx-VIEW: VIEW\r\n" +
    "X-Forwarded-User: oidc:alice\r\nX-Forwarded-User: oidc:alice",
  "an identity that a connection header hides": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nX-View: VIEW\r\n" +
    "X-Forwarded-User: oidc:alice\r\nConnection: close, x-view",
  "an original path": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nX-Envoy-Original-Path: /_gate/progress\r\n" +
    "X-Envoy-Original-Dst-Host: 127.0.0.1:9901",
  "a monitor": "GET / HTTP/1.1\r\nHost: VIEW.localhost\r\nUser-Agent: kube-probe/1.33",
  "a monitor's HEAD": "HEAD /healthz HTTP/1.1\r\nHost: VIEW.localhost\r\nUser-Agent: kube-probe/1.33",
};

const PATHS = [
  ...[
    "/_gate/progress",
    "/_gate/session",
    "/_gate/session?ticket=a&path=/",
    "/_gate/",
    "/_gate",
    "/_gate/../",
    "/a/../_gate/progress",
  ],
  ...[
    "/%5fgate/progress",
    "/%5Fgate%2fprogress",
    "/_gate%2fprogress",
    "/_GATE/progress",
    "//_gate/progress",
    "/_gate//progress",
  ],
  ...[
    "/\\_gate\\progress",
    "/_gate/..%2fx",
    "/_gate/%2e%2e/x",
    "/_gate/.%2e/_lake/a",
    "/_lake/",
    "/_lake",
    "/_lake//",
    "/_lake/a/b",
  ],
  ...[
    "/_lake/.c2VjcmV0LXRva2VuLW9mLXRoaXMtdGVzdA/a/b",
    "/%5flake/a/b",
    "/_lake/../_gate/progress",
    "/_auth/",
    "/_auth/open",
    "/_api/views",
  ],
];

/** What comes back, until the server closes or says no more. */
async function exchange(port: number, text: string): Promise<string> {
  const connection = await Deno.connect({ port });
  await connection.write(new TextEncoder().encode(text));
  const silent = setTimeout(() => connection.close(), 10_000);
  let answer = "";
  try {
    for await (const part of connection.readable.pipeThrough(new TextDecoderStream())) answer += part;
  } catch {
    answer += "\n(no end)";
  }
  clearTimeout(silent);
  return answer;
}

/** What an answer says to everybody: without the view's name, what differs by time, and names by chance. */
const said = (answer: string, view: string) =>
  answer.replaceAll(new RegExp(view, "gi"), "VIEW").replaceAll(/^(date|set-cookie|location):.*$/gmi, "$1").replaceAll(
    /[0-9a-f-]{36}/g,
    "ID",
  );

// A machine without a network has no address for a pod.
if (machineAddress !== undefined) {
  const host = machineAddress;

  clusterTest("odd requests tell a stranger no view from none, and reach no pod", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    await gateway.view("asleep");
    await gateway.view("awaken");
    await gateway.robot.allow(["open"], "awaken");
    const token = await gateway.token("view-gateway");
    await eventually("it is awake", async () => (await gateway.ask("awaken", token)).status === 200);
    const { length: before } = gateway.pod.requests;
    const port = await gateway.replica.envoy!.port("public");
    const heads = {
      ...HEADS,
      ...Object.fromEntries(PATHS.map((path) => [path, `GET ${path} HTTP/1.1\r\nHost: VIEW.localhost`])),
    };
    await Promise.all(
      Object.entries(heads).map(async ([what, head]) => {
        const close = head.includes("Connection:") ? "" : "\r\nConnection: close";
        const ask = async (view: string) =>
          said(await exchange(port, `${head.replaceAll("VIEW", view)}${close}\r\n\r\n`), view);
        const [none, ...some] = await Promise.all(["nobody", "asleep", "awaken"].map(ask));
        for (const one of some) equal(one, none, what);
        equal(/^HTTP\/1\.[01] (2|101)/.test(none!), false, `${what}: ${none!.slice(0, 200)}`);
      }),
    );
    await using client = await connectOverHttp2(port);
    for (const own of [{}, { host: "awaken.localhost" }, { "x-view": "awaken", "x-forwarded-user": "oidc:alice" }]) {
      const statuses = await Promise.all(
        ["awaken", "asleep", "nobody"].map(async (view) =>
          (await client.answer(client.request({ ":authority": `${view}.localhost`, ...own }))).status
        ),
      );
      deepEqual(statuses, [401, 401, 401], JSON.stringify(own));
    }
    equal(gateway.pod.requests.length, before);
    equal(await gateway.metric('view_gateway_views{phase="asleep"}'), 1);
  });

  clusterTest("a cookie opens its own host alone, however another one is named", async (namespace) => {
    await using gateway = await closedGateway(namespace, host);
    for (const view of ["mine", "other"]) {
      await gateway.view(view, { access: { users: [view === "mine" ? "oidc:alice" : "oidc:bob"] } });
    }
    const port = await gateway.replica.envoy!.port("public");
    const { cookie: bobs } = await gateway.cookie("other", "oidc:bob", 1);
    await eventually("it is awake", async () => (await gateway.ask("other", { cookie: bobs })).status === 200);
    const { length: before } = gateway.pod.requests;
    for (const seconds of [1, 610]) {
      const { cookie } = await gateway.cookie("mine", "oidc:alice", seconds);
      await Promise.all(
        Object.entries(HEADS).map(async ([what, head]) => {
          const close = head.includes("Connection:") ? "" : "\r\nConnection: close";
          const answer = await exchange(
            port,
            `${head.replaceAll("VIEW", "other")}${close}\r\nCookie: ${cookie}\r\n\r\n`,
          );
          equal(/^HTTP\/1\.[01] (2|101)/.test(answer), false, `${what}: ${answer.slice(0, 200)}`);
        }),
      );
      await using client = await connectOverHttp2(port);
      for (const more of [{ ":authority": "other.localhost", host: "mine.localhost" }, { host: "other.localhost" }]) {
        const named = { ":authority": "other.localhost", ...more };
        equal((await client.answer(client.request({ ...named, cookie }))).status, 401);
      }
    }
    equal(gateway.pod.requests.length, before);
  });
}
