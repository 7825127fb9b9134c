import { deepEqual, equal } from "node:assert/strict";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { exchange, upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";
import { WebSocketPod } from "./testing/web_socket_pod.ts";

const KEY = await ViewKey.make("one");
const GOOD = await KEY.cookie("sales");
const NONCE = "__Host-nonce=n0nce";
const ORIGIN = { origin: "http://sales.localhost" };

/** The Cookie headers of somebody whom Envoy lets in, and what the pod gets of them. */
const COOKIES: readonly (readonly [sent: string, seen: string | undefined])[] = [
  [GOOD, undefined],
  [`${GOOD}; a=1`, "a=1"],
  [`a=1; ${GOOD}`, "a=1"],
  [`a=1; ${GOOD}; b=2`, "a=1; b=2"],
  [`a=1;${GOOD};b=2`, "a=1;b=2"],
  [`${GOOD};`, undefined],
  [`${GOOD}; ${NONCE}`, undefined],
  [`a=1; ${NONCE}; ${GOOD}; b=2`, "a=1; b=2"],
  [`${GOOD}; __Host-view=another; a=1; __Host-view=third`, "a=1"],
  [`${GOOD}; a="b; c"; d=e=f`, 'a="b; c"; d=e=f'],
  [`__Host-view="${GOOD.slice("__Host-view=".length)}"`, undefined],
  [`a__Host-view=own; ${GOOD}`, "a__Host-view=own"],
  [`${GOOD}; __Host-viewer=own; __Host-views=own`, "__Host-viewer=own; __Host-views=own"],
];

/** The view "sales", awake. A request that comes to the gate is one too many. */
async function awake() {
  const pod = await Pod.start("a");
  const gateway = await Gateway.start({ jwks: ViewKey.jwks(KEY) });
  await gateway.view("sales", { serving: [pod.address] });
  return {
    ...{ pod, gateway },
    async [Symbol.asyncDispose]() {
      equal(await gateway.gateRequests(), 0);
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

for (const method of ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]) {
  Deno.test(`of a ${method}'s cookies, the pod gets those that are not the gateway's, as they were`, async () => {
    await using view = await awake();
    const headers = method === "GET" ? {} : ORIGIN;
    for (const [cookie, seen] of COOKIES) {
      equal((await view.gateway.ask("sales.localhost", { method, headers: { ...headers, cookie } })).status, 200);
      equal(view.pod.requests.at(-1)!.headers.cookie, seen, cookie.replaceAll(GOOD, "GOOD"));
    }
  });
}

Deno.test("the same over HTTP/2, where each cookie is a header of its own", async () => {
  await using view = await awake();
  await using client = await connectOverHttp2(view.gateway.port);
  const stream = client.request({ ":authority": "sales.localhost", cookie: ["a=1", GOOD, "b=2"] });
  equal((await client.answer(stream)).status, 200);
  equal(view.pod.requests[0]!.headers.cookie, "a=1; b=2");
});

Deno.test("the same where a client sends several Cookie headers over HTTP/1.1", async () => {
  await using view = await awake();
  for (const cookies of [[GOOD, "a=1"], ["a=1", GOOD], ["a=1", GOOD, NONCE]]) {
    const lines = cookies.map((cookie) => `Cookie: ${cookie}\r\n`).join("");
    await exchange(view.gateway.port, `GET / HTTP/1.1\r\nHost: sales.localhost\r\nConnection: close\r\n${lines}\r\n`);
  }
  for (const { headers } of view.pod.requests) equal(/__Host-|n0nce/.test(JSON.stringify(headers)), false);
});

Deno.test("a WebSocket's handshake has none of them either", async () => {
  await using gateway = await Gateway.start({ jwks: ViewKey.jwks(KEY) });
  await using pod = await WebSocketPod.start();
  await gateway.view("sales", { serving: [pod.address] });
  for (const cookie of [GOOD, `a=1; ${GOOD}`]) {
    const headers = { ...ORIGIN, cookie };
    (await upgrade({ host: "sales.localhost", port: gateway.port, path: "/101", headers })).destroy();
  }
  deepEqual(pod.requests.map(({ cookie }) => cookie), [undefined, "a=1"]);
  equal(await gateway.gateRequests(), 0);
});

Deno.test("a request that a pod refuses comes to the gate without the cookie, and to another pod without it, too", async () => {
  await using gone = await Pod.start("gone");
  await gone.stop();
  await using pod = await Pod.start("a");
  const checks: Headers[] = [];
  await using gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: async (request) => {
      checks.push(request.headers);
      await gateway.view("sales", { serving: [pod.address] });
      return pass(request);
    },
  });
  for (const cookie of [GOOD, `a=1; ${GOOD}`]) {
    await gateway.view("sales", { serving: [gone.address] });
    equal((await gateway.ask("sales.localhost", { headers: { cookie } })).status, 200);
  }
  deepEqual(checks.map((headers) => [headers.get("x-view"), headers.get("cookie")]), [["sales", null], [
    "sales",
    "a=1",
  ]]);
  deepEqual(pod.requests.map(({ headers }) => headers.cookie), [undefined, "a=1"]);
});
