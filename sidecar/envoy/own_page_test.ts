import { deepEqual, equal, rejects } from "node:assert/strict";
import { connectOverHttp2 } from "./testing/http2_client.ts";
import { deny, Gateway } from "./testing/gateway.ts";
import { exchange, upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const KEY = await ViewKey.make("one");
const COOKIES = [await KEY.cookie("sales"), `a=1; ${await KEY.cookie("sales")}`];

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The view "sales", awake, behind a gate that lets nothing pass. */
async function awake() {
  const pod = await Pod.start("a");
  const gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: () => Promise.resolve(deny(403, "Another host's page sent this.")),
  });
  await gateway.view("sales", { serving: [pod.address] });
  return {
    ...{ pod, gateway },
    /** The statuses that a request of somebody signed in has, with the cookie alone and with another. */
    ask: ({ method = "GET", headers = {} }: Sent, host = "sales.localhost:8080") =>
      Promise.all(
        COOKIES.map(async (cookie) => (await gateway.ask(host, { method, headers: { ...headers, cookie } })).status),
      ),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

const fetchOf = (site: string, dest = "empty", mode = "cors") => ({
  "sec-fetch-site": site,
  "sec-fetch-dest": dest,
  "sec-fetch-mode": mode,
});
const OWN = "http://sales.localhost:8080";
const SIBLING = "http://evil.localhost:8080";

const OWN_REQUESTS: Readonly<Record<string, Sent>> = {
  "a page that is opened from the address bar": { headers: fetchOf("none", "document", "navigate") },
  "a link on another site's page": { headers: fetchOf("cross-site", "document", "navigate") },
  "a link on a sibling's page": { headers: fetchOf("same-site", "document", "navigate") },
  "a program without Fetch Metadata": {},
  "a program's POST": { method: "POST" },
  "a script of the view's own page": { headers: fetchOf("same-origin") },
  "a POST of the view's own page": { method: "POST", headers: { ...fetchOf("same-origin"), origin: OWN } },
  "a POST of the view's own page, whose host is in capitals": {
    method: "POST",
    headers: { ...fetchOf("same-origin"), origin: "http://SALES.localhost:8080" },
  },
  "a frame of the view's own page": { headers: fetchOf("same-origin", "iframe", "navigate") },
};

for (const [what, sent] of Object.entries(OWN_REQUESTS)) {
  Deno.test(`${what} comes straight to the view`, async () => {
    await using view = await awake();
    deepEqual(await view.ask(sent), [200, 200]);
    equal(await view.gateway.gateRequests(), 0);
  });
}

const FOREIGN: Readonly<Record<string, Sent>> = {
  "a fetch of a sibling": { headers: fetchOf("same-site", "empty", "no-cors") },
  "a fetch of another site": { headers: fetchOf("cross-site", "empty", "no-cors") },
  "an image on a sibling's page": { headers: fetchOf("same-site", "image", "no-cors") },
  "a script that a sibling's page includes": { headers: fetchOf("same-site", "script", "no-cors") },
  "a frame on a sibling's page": { headers: fetchOf("same-site", "iframe", "navigate") },
  "a frame on another site's page": { headers: fetchOf("cross-site", "iframe", "navigate") },
  "an object on a sibling's page": { headers: fetchOf("same-site", "object", "navigate") },
  "a request of a sibling's page that names no destination": { headers: { "sec-fetch-site": "same-site" } },
  "a form of a sibling": {
    method: "POST",
    headers: { ...fetchOf("same-site", "document", "navigate"), origin: SIBLING },
  },
  "a form of a sandboxed page, whose origin is null": {
    method: "POST",
    headers: { ...fetchOf("cross-site", "document", "navigate"), origin: "null" },
  },
  "a form of a sibling in a browser that tells no Origin": {
    method: "POST",
    headers: fetchOf("same-site", "document", "navigate"),
  },
  "a POST of a sibling's page in a browser without Fetch Metadata": { method: "POST", headers: { origin: SIBLING } },
  "a POST from null Origin": { method: "POST", headers: { origin: "null" } },
  "a POST of a page at another port": { method: "POST", headers: { origin: "http://sales.localhost:8081" } },
  "a POST of a page whose host begins alike": {
    method: "POST",
    headers: { origin: "http://sales.localhost:8080.evil.example" },
  },
  "a POST of a page at the base host": { method: "POST", headers: { origin: "http://localhost:8080" } },
  "a DELETE of a sibling's page": { method: "DELETE", headers: { origin: SIBLING } },
  "a GET that a sibling's page sends by CORS": { headers: { origin: SIBLING } },
  "a preflight for a sibling's page": { method: "OPTIONS", headers: { origin: SIBLING } },
  "a request with an unknown method from a sibling's page": { method: "PROPFIND", headers: { origin: SIBLING } },
};

for (const [what, sent] of Object.entries(FOREIGN)) {
  Deno.test(`${what} does not reach the view with the person's cookie`, async () => {
    await using view = await awake();
    deepEqual(await view.ask(sent), [403, 403]);
    deepEqual(view.pod.requests, []);
  });
}

Deno.test("two Origin headers are no origin", async () => {
  await using view = await awake();
  const head = `POST / HTTP/1.1\r\nHost: sales.localhost:8080\r\nConnection: close\r\nContent-Length: 0\r\n`;
  for (const origins of [[OWN, SIBLING], [SIBLING, OWN]]) {
    const lines = origins.map((origin) => `Origin: ${origin}\r\n`).join("");
    const answer = await exchange(view.gateway.port, `${head}Cookie: ${COOKIES[0]}\r\n${lines}\r\n`);
    equal(answer.split(" ")[1], "403");
  }
});

const HANDSHAKES = [
  { origin: OWN, opens: true, what: "the view's own page" },
  { origin: undefined, opens: true, what: "a program, which has no Origin" },
  { origin: SIBLING, opens: false, what: "a sibling's page" },
  { origin: "https://evil.example", opens: false, what: "another site's page" },
  { origin: "null", opens: false, what: "a sandboxed page, whose origin is null" },
];

for (const { origin, opens, what } of HANDSHAKES) {
  Deno.test(`a WebSocket of ${what} ${opens ? "opens" : "does not open with the person's cookie"}`, async () => {
    await using view = await awake();
    const host = "sales.localhost:8080";
    for (const cookie of COOKIES) {
      const headers = { cookie, ...origin !== undefined && { origin } };
      const opened = upgrade({ host, port: view.gateway.port, headers });
      if (opens) (await opened).destroy();
      else await rejects(opened, /no upgrade, but 403/);
    }
  });
}

Deno.test("over HTTP/2 a sibling's page opens none either", async () => {
  await using view = await awake();
  await using client = await connectOverHttp2(view.gateway.port);
  const stream = client.webSocket("sales.localhost:8080", "/", { cookie: COOKIES[0]!, origin: SIBLING });
  equal((await client.answer(stream)).status, 403);
});
