import { equal, rejects } from "node:assert/strict";
import { once } from "node:events";
import { IDENTITY_HEADERS } from "./names.ts";
import { Gateway, pass } from "./testing/gateway.ts";
import { upgrade } from "./testing/http_client.ts";
import { Pod } from "./testing/pod.ts";
import { ViewKey } from "./testing/view_keys.ts";

const KEY = await ViewKey.make("one");

/** A gateway whose sessions last for a moment. The gate lets everybody pass; of those with a cookie it says who they are. */
async function shortly() {
  const pod = await Pod.start("a");
  const gateway: Gateway = await Gateway.start({
    jwks: ViewKey.jwks(KEY),
    settings: { sessionSeconds: 3 },
    check: async (request) => {
      await gateway.view("asleep", { serving: [pod.address] });
      const answer = pass(request);
      if (request.headers.has("cookie")) answer.headers.set(IDENTITY_HEADERS[0]!, "oidc:alice");
      return answer;
    },
  });
  await gateway.view("awake", { serving: [pod.address], door: "open" });
  return {
    open: (host: string, cookie?: string) =>
      upgrade({ host: `${host}.localhost`, port: gateway.port, ...cookie !== undefined && { headers: { cookie } } }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await pod[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a signed-in person's WebSocket ends after the longest session, and an anonymous one goes on", async () => {
  await using gateway = await shortly();
  const nobodys = [await gateway.open("awake"), await gateway.open("asleep")];
  const theirs = [
    await gateway.open("awake", await KEY.cookie("awake")),
    // Envoy does not know this cookie; the gate does.
    await gateway.open("asleep", "__Host-view=to-be-renewed"),
    await gateway.open("asleep", await KEY.cookie("asleep")),
  ];
  await Promise.all(theirs.map((socket) => once(socket, "close", { signal: AbortSignal.timeout(20_000) })));
  for (const socket of nobodys) {
    socket.write("still there?");
    const [echo] = await once(socket, "data");
    equal(String(echo), "still there?");
    socket.destroy();
  }
});

Deno.test("so does a stream of events", async () => {
  const pod = await Pod.start("a", { answer: (_request, response) => response.write("data: 1\n\n") });
  await using gateway = await Gateway.start({ jwks: ViewKey.jwks(KEY), settings: { sessionSeconds: 3 } });
  await gateway.view("awake", { serving: [pod.address] });
  const headers = { accept: "text/event-stream", cookie: await KEY.cookie("awake") };
  await rejects(gateway.ask("awake.localhost", { headers, timeout: 20_000 }), { code: "ECONNRESET" });
  equal(pod.requests.length, 1);
  await pod.stop();
});
