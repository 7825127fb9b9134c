import { deepEqual, equal } from "node:assert/strict";
import { PodDrain } from "./pod_drain.ts";

/** A drain whose limit passes when a test says so. */
function start(port: number) {
  const limits: number[] = [];
  const passes = Promise.withResolvers<void>();
  const stop = new AbortController();
  const drain = new PodDrain({
    admin: `127.0.0.1:${port}`,
    limit: 45_000,
    pause: (milliseconds) => {
      limits.push(milliseconds);
      return passes.promise;
    },
    signal: stop.signal,
  });
  return { drain, limits, stop, pass: passes.resolve, fail: passes.reject };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("given a pod that is being deleted, Envoy drains once, and the gate closes after the limit", async () => {
  const asked = Promise.withResolvers<string>();
  let count = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    count++;
    asked.resolve(`${request.method} ${request.url.replace(/^.*:\d+/, "")}`);
    return new Response("OK\n");
  });
  const { drain, limits, pass } = start(server.addr.port);
  equal(drain.began, false);
  drain.begin();
  drain.begin();
  equal(drain.began, true);
  equal(await asked.promise, "POST /drain_listeners?graceful&skip_exit");
  equal(drain.closing.aborted, false);
  pass();
  await turn();
  equal(drain.closing.aborted, true);
  deepEqual(limits, [45_000]);
  await server.shutdown();
  equal(count, 1);
});

Deno.test("an Envoy that does not answer changes nothing of the rest", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { drain, pass } = start(port);
  drain.begin();
  pass();
  await turn();
  equal(drain.closing.aborted, true);
});

Deno.test("a sidecar that stops before the limit closes nothing", async () => {
  const { drain, stop, fail } = start(1);
  drain.begin();
  stop.abort();
  fail(stop.signal.reason);
  await turn();
  equal(drain.closing.aborted, false);
});
