import { deepEqual, equal } from "node:assert/strict";
import { Agent, request } from "node:http";
import { deny, Gateway } from "./testing/gateway.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";
import { viewTokenFilter } from "./view_token_filter.ts";

/** At least. */
const REQUESTS = 10_000;
const CONNECTIONS = 20;

Deno.test(`the keys change under load: of ${REQUESTS} requests none fails, comes to the gate or loses its connection`, async () => {
  const keys = await Promise.all(["one", "two", "three", "four", "five"].map(ViewKey.make));
  await using pod = await Pod.start("a", { answer: (_request, response) => response.end() });
  await using gateway = await Gateway.start({
    jwks: ViewKey.jwks(keys[0]!),
    check: () => Promise.resolve(deny(401, "Sign in.")),
    concurrency: 2,
  });
  await gateway.view("sales", { serving: [pod.address] });
  const before = await gateway.envoy.stat("listener_manager.listener_modified");
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let cookie = await keys[0]!.cookie("sales");
  const sockets = new Set<unknown>();
  const send = (cookie: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const headers = { host: "sales.localhost", cookie };
    request({ host: "127.0.0.1", port: gateway.port, agent, setHost: false, headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0)).on("error", reject);
    }).on("socket", (socket) => sockets.add(socket)).on("error", reject).end();
    return promise;
  };
  let sent = 0;
  let rotated = false;
  const statuses = new Map<number, number>();
  /** The cookie of the request that each client waits for. */
  const waits = new Map<number, string>();
  const client = async (id: number) => {
    while (sent < REQUESTS || !rotated) {
      sent++;
      waits.set(id, cookie);
      const status = await send(cookie);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    waits.delete(id);
  };
  /** Publishes the next key beside the present one, signs with it, and then publishes it alone. */
  const rotate = async () => {
    for (const [i, next] of keys.slice(1).entries()) {
      await gateway.controlPlane.publish([viewTokenFilter(ViewKey.jwks(keys[i]!, next))]);
      const by = await next.cookie("sales");
      const known = async () => (await gateway.ask("sales.localhost", { headers: { cookie: by } })).status === 200;
      for (let seen = 0; seen < 10;) seen = await known() ? seen + 1 : 0;
      cookie = by;
      await gateway.envoy.until(
        "nobody uses the former cookie",
        () => [...waits.values()].every((sent) => sent === by),
      );
      await gateway.controlPlane.publish([viewTokenFilter(ViewKey.jwks(next))]);
    }
    rotated = true;
  };
  try {
    await Promise.all([rotate(), ...Array.from({ length: CONNECTIONS }, (_, id) => client(id))]);
  } finally {
    agent.destroy();
  }
  deepEqual([...statuses], [[200, sent]]);
  equal(sockets.size, CONNECTIONS);
  equal(await gateway.envoy.stat("listener_manager.listener_modified"), before);
  equal(await gateway.envoy.stat("listener_manager.total_filter_chains_draining"), 0);
  const old = await keys[0]!.cookie("sales");
  equal((await gateway.ask("sales.localhost", { headers: { cookie: old } })).status, 401);
});
