import { deepEqual, equal } from "node:assert/strict";
import { once } from "node:events";
import { deny, Gateway } from "./testing/gateway.ts";
import { upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const KEY = await ViewKey.make("one");
const HOST = "sales.localhost";

/** A gate that lets nobody in. It says how often it was asked. */
async function closed() {
  const pod = await Pod.start("a");
  const gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    check: () => Promise.resolve(deny(401, "Sign in.")),
  });
  const serving = { serving: [pod.address] };
  return {
    ...{ pod, gateway, serving },
    status: async (headers: Readonly<Record<string, string>> = {}, method = "GET") =>
      (await gateway.ask(HOST, { headers, method })).status,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

Deno.test("an anonymous request does not reach a view that is awake and not public", async () => {
  await using view = await closed();
  await view.gateway.view("sales", view.serving);
  for (const method of ["GET", "POST", "OPTIONS"]) equal(await view.status({}, method), 401);
  for (const host of ["sales.public.localhost", "sales%2Epublic.localhost"]) {
    equal((await view.gateway.ask(host)).status >= 400, true);
  }
  deepEqual(view.pod.requests, []);
});

Deno.test("a public view that is awake is reached without a cookie and without the gate", async () => {
  await using view = await closed();
  await view.gateway.view("sales", { ...view.serving, door: "open" });
  equal(await view.status(), 200);
  equal(await view.status({ cookie: "own=1", authorization: "Basic YTpi" }), 200);
  equal(await view.status({ origin: "http://elsewhere.example", "sec-fetch-site": "cross-site" }, "POST"), 200);
  (await upgrade({ host: HOST, port: view.gateway.port })).destroy();
  equal(await view.gateway.gateRequests(), 0);
  deepEqual(view.pod.requests.map(({ headers }) => [headers.cookie, headers.authorization]), [
    [undefined, undefined],
    ["own=1", "Basic YTpi"],
    [undefined, undefined],
  ]);
});

Deno.test("at a public view a signed-in user is known, and another host's page cannot use their cookie", async () => {
  await using view = await closed();
  await view.gateway.view("sales", { ...view.serving, door: "open" });
  const cookie = await KEY.cookie("sales");
  equal(await view.status({ cookie }), 200);
  equal(view.pod.requests[0]!.headers["x-forwarded-user"], "oidc:alice");
  equal(await view.gateway.gateRequests(), 0);
  equal(await view.status({ cookie, origin: "http://evil.localhost" }, "POST"), 401);
});

Deno.test("at a public view, a cookie that is no longer good and a bearer's token come to the gate", async () => {
  await using view = await closed();
  await view.gateway.view("sales", { ...view.serving, door: "open" });
  for (const headers of [{ cookie: "__Host-view=bad" }, { cookie: "__Host-nonce=n" }, { authorization: "Bearer t" }]) {
    equal(await view.status(headers), 401);
  }
  deepEqual(view.pod.requests, []);
});

Deno.test("a view that is not public any more closes at once, and opens again; open connections stay", async () => {
  await using view = await closed();
  await view.gateway.view("sales", { ...view.serving, door: "open" });
  const socket = await upgrade({ host: HOST, port: view.gateway.port });
  const cookie = await KEY.cookie("sales");
  for (const [door, status] of [["closed", 401], ["open", 200], ["closed", 401]] as const) {
    await view.gateway.view("sales", { ...view.serving, door });
    equal(await view.status(), status);
    equal(await view.status({ cookie }), 200);
  }
  socket.write("still there?");
  const [echo] = await once(socket, "data");
  equal(String(echo), "still there?");
  socket.destroy();
});

Deno.test("both clusters of a public view have the statistics of the view", async () => {
  await using view = await closed();
  await view.gateway.view("sales", { ...view.serving, door: "open" });
  await view.status();
  await view.status({ cookie: await KEY.cookie("sales") });
  equal(await view.gateway.envoy.stat("cluster.sales.upstream_rq_total"), 2);
});
