import { deepEqual, equal } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { PodDrain } from "./pod_drain.ts";

Deno.test("given a pod that is being deleted, Envoy is told once, and what waits is sent away when the time is up", async () => {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(`${request.method} ${request.url.replace(/^.*:\d+/, "")}`);
    return new Response("OK\n");
  });
  const drain = new PodDrain({
    admin: `127.0.0.1:${server.addr.port}`,
    limit: 100,
    signal: new AbortController().signal,
  });
  equal(drain.began, false);
  drain.begin();
  drain.begin();
  equal(drain.began, true);
  equal(drain.closing.aborted, false);
  await pause(200);
  equal(drain.closing.aborted, true);
  deepEqual(asked, ["POST /drain_listeners?graceful&skip_exit"]);
  drain.stop();
  await server.shutdown();
});

Deno.test("an Envoy that does not answer changes nothing of the rest", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const drain = new PodDrain({ admin: `127.0.0.1:${port}`, limit: 20, signal: new AbortController().signal });
  drain.begin();
  await pause(60);
  equal(drain.closing.aborted, true);
  drain.stop();
});
