import assert from "node:assert/strict";
import { once } from "node:events";
import { closedView, FORGED, SALES } from "./testing/closed_view.ts";
import { pass } from "./testing/gateway.ts";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { sendRequest } from "./testing/http_client.ts";
import { Pod, type Seen } from "./testing/pod.ts";
import { sendOverTls, upgradeOverTls } from "./testing/tls_client.ts";
import { TlsGateway } from "./testing/tls_gateway.ts";
import { WebSocketPod } from "./testing/web_socket_pod.ts";

const HELLO = "hello.views.test";

function overHttp2({ port, authority }: TlsGateway, servername = HELLO) {
  return connectOverHttp2(port, { ca: authority.certificate, servername });
}

/** The head of a request over HTTP/2. */
const to = (path: string) => ({ ":scheme": "https", ":authority": HELLO, ":path": path });

Deno.test("a view asleep and awake is served over TLS, by HTTP/1.1 and by HTTP/2, and knows that it is https", async () => {
  await using pod = await Pod.start("a");
  await using world = await TlsGateway.start({
    check: async (request) => {
      await world.gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  await using client = await overHttp2(world);
  const ask = [
    (path: string) => sendOverTls({ ca: world.authority.certificate, host: HELLO, port: world.port, path }),
    (path: string) => client.answer(client.request(to(path))),
  ];
  for (const [i, send] of ask.entries()) {
    if (i > 0) await world.gateway.forget("hello");
    for (const path of ["/asleep", "/awake"]) {
      const { status, body } = await send(path);
      const seen: Seen = JSON.parse(body);
      assert.deepEqual([status, seen.path, seen.headers.host], [200, path, HELLO]);
      assert.equal(seen.headers["x-forwarded-proto"], "https");
      assert.equal(seen.headers["x-forwarded-port"], "443");
    }
    assert.equal(await world.gateway.gateRequests(), i + 1);
  }
});

for (const version of ["HTTP/1.1", "HTTP/2"]) {
  Deno.test(`the user of a request over TLS by ${version} comes from the view's cookie alone`, async () => {
    await using world = await closedView();
    const { tls, key } = world;
    await using client = await overHttp2(tls, SALES);
    const send = async (cookie: string) => {
      const headers = { ...FORGED, cookie };
      const { status } = version === "HTTP/2"
        ? await client.answer(client.request({ ...to("/"), ":authority": SALES, ...headers }))
        : await sendOverTls({ ca: tls.authority.certificate, host: SALES, port: tls.port, headers });
      return status;
    };
    const statuses = [await send("a=b"), await send(await key.cookie("sales")), await send(await key.cookie("other"))];
    assert.deepEqual(statuses, [401, 200, 401]);
    world.expectAliceAlone();
  });
}

Deno.test("what a trusted proxy says stays, which speaks TLS to the gateway", async () => {
  await using pod = await Pod.start("a");
  await using world = await TlsGateway.start({ settings: { xffNumTrustedHops: 1 } });
  await world.gateway.view("hello", { serving: [pod.address] });
  const of = { ca: world.authority.certificate, host: HELLO, port: world.port };
  await sendOverTls({
    ...of,
    headers: { "x-forwarded-proto": "http", "x-forwarded-port": "8888", "x-forwarded-for": "203.0.113.7" },
  });
  await sendOverTls(of);
  const [said, unsaid] = pod.requests.map(({ headers }) => headers);
  assert.deepEqual([said!["x-forwarded-proto"], said!["x-forwarded-port"]], ["http", "8888"]);
  assert.match(said!["x-forwarded-for"]!, /^203\.0\.113\.7,/);
  assert.deepEqual([unsaid!["x-forwarded-proto"], unsaid!["x-forwarded-port"]], ["https", "443"]);
});

Deno.test("plain HTTP is redirected to the same URL by https, whatever the method, and reaches no view", async () => {
  await using pod = await Pod.start("a");
  await using world = await TlsGateway.start();
  await world.gateway.view("hello", { serving: [pod.address] });
  const port = world.redirectPort;
  const location = async (
    host: string,
    more: { path?: string; method?: string; headers?: Record<string, string> } = {},
  ) => {
    const { status, headers } = await sendRequest({ host, port, ...more });
    assert.equal(headers["strict-transport-security"], undefined, "https://www.rfc-editor.org/rfc/rfc6797#section-7.2");
    return [status, headers.location];
  };
  assert.deepEqual(await location(HELLO, { path: "/a%2Fb?c=%20d" }), [308, `https://${HELLO}/a%2Fb?c=%20d`]);
  assert.deepEqual(await location(HELLO, { method: "POST" }), [308, `https://${HELLO}/`]);
  assert.deepEqual(await location("views.test", { path: "/_api/views" }), [308, "https://views.test/_api/views"]);
  assert.deepEqual(await location(`${HELLO}:8080`), [308, `https://${HELLO}:443/`]);
  const webSocket = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  assert.deepEqual(await location(HELLO, { headers: webSocket }), [308, `https://${HELLO}/`]);
  // A client cannot pretend that its request has come by https.
  assert.deepEqual(await location(HELLO, { headers: { "x-forwarded-proto": "https" } }), [308, `https://${HELLO}/`]);
  assert.deepEqual(await location("kube-probe.test", { headers: { "user-agent": "kube-probe/1" } }), [404, undefined]);
  assert.equal(pod.requests.length, 0);
});

Deno.test("where https has another port, URLs name it", async () => {
  await using pod = await Pod.start("a");
  await using world = await TlsGateway.start({}, { publicPort: 8443 });
  await world.gateway.view("hello", { serving: [pod.address] });
  for (const host of [HELLO, `${HELLO}:8080`]) {
    const { headers } = await sendRequest({ host, port: world.redirectPort });
    assert.equal(headers.location, `https://${HELLO}:8443/`);
  }
  const { headers, body } = await sendOverTls({
    ...{ ca: world.authority.certificate, host: `${HELLO}:8443`, port: world.port },
  });
  assert.equal(headers["alt-svc"], 'h3=":8443"; ma=86400');
  assert.equal(JSON.parse(body).headers["x-forwarded-port"], "8443");
});

Deno.test("every host tells browsers to use https alone, and its view cannot say otherwise", async () => {
  await using pod = await Pod.start("a", {
    answer: (_request, response) =>
      response.writeHead(200, {
        "strict-transport-security": "max-age=0",
        "alt-svc": 'h3=":9999"',
      }).end(),
  });
  await using world = await TlsGateway.start();
  await world.gateway.view("hello", { serving: [pod.address] });
  for (const host of [HELLO, "views.test"]) {
    const { headers } = await sendOverTls({ ca: world.authority.certificate, host, port: world.port });
    assert.equal(headers["strict-transport-security"], "max-age=3600", host);
    assert.equal(headers["alt-svc"], 'h3=":443"; ma=86400', host);
  }
});

Deno.test("nothing is said to browsers about all of localhost, nor of HTTP/3 where there is none", async () => {
  await using world = await TlsGateway.start({ settings: { baseHost: "localhost" } }, { http3: undefined });
  await world.secret.renew(await world.authority.issue({ names: ["localhost", "*.localhost"] }));
  await world.gateway.envoy.until("the certificate is taken", async () => {
    const { headers } = await sendOverTls({ ca: world.authority.certificate, host: "localhost", port: world.port });
    assert.equal(headers["strict-transport-security"], undefined);
    assert.equal(headers["alt-svc"], "clear");
    return true;
  });
  await assert.rejects(world.gateway.envoy.port("public_quic"));
});

Deno.test("WebSockets open over TLS, by HTTP/1.1 and by HTTP/2", async () => {
  await using pod = await WebSocketPod.start();
  await using world = await TlsGateway.start({
    check: async (request) => {
      await world.gateway.view("hello", { serving: [pod.address] });
      return pass(request);
    },
  });
  await using client = await overHttp2(world);
  const over2 = client.webSocket(HELLO, "/101");
  const [headers] = await once(over2, "response");
  assert.equal(headers[":status"], 200);
  over2.write("are you there?");
  assert.equal(String((await once(over2, "data"))[0]), "are you there?");

  const over1 = await upgradeOverTls({ ca: world.authority.certificate, host: HELLO, port: world.port, path: "/101" });
  over1.write("and you?");
  assert.equal(String((await once(over1, "data"))[0]), "and you?");
  over1.destroy();
});

Deno.test("a request that waits over HTTP/2 blocks no other of its connection", async () => {
  await using pod = await Pod.start("a");
  const passed = Promise.withResolvers<void>();
  await using world = await TlsGateway.start({
    check: async (request) => {
      await passed.promise;
      await world.gateway.view("asleep", { serving: [pod.address] });
      return pass(request);
    },
  });
  await world.gateway.view("hello", { serving: [pod.address] });
  await using client = await overHttp2(world);
  const held = client.answer(client.request({ ...to("/held"), ":authority": "asleep.views.test" }));
  await world.gateway.envoy.until("a request waits", async () => await world.gateway.gateRequests() === 1);
  assert.equal((await client.answer(client.request(to("/awake")))).status, 200);
  passed.resolve();
  assert.equal((await held).status, 200);
  assert.deepEqual(pod.requests.map(({ path }) => path), ["/awake", "/held"]);
});

Deno.test("a page of plain HTTP, which everybody on the network can make, cannot use a person's cookie", async () => {
  await using world = await closedView();
  const { tls, key } = world;
  const cookie = await key.cookie("sales");
  const status = async (origin: string, method = "POST", more = {}) => {
    const headers = { origin, cookie, ...more };
    const of = { ca: tls.authority.certificate, host: SALES, port: tls.port, method, headers };
    return (await sendOverTls(of)).status;
  };
  assert.equal(await status(`http://${SALES}`), 401);
  const handshake = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
  assert.equal(await status(`http://${SALES}`, "GET", handshake), 401);
  assert.equal(await status(`https://${SALES}`), 200);
  world.expectAliceAlone();
});
