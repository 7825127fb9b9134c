import { deepEqual, equal, match, ok } from "node:assert/strict";
import { systemTime } from "../../async/time.ts";
import { Prober } from "../prober.ts";
import { faultProxy, isWatch } from "../testing/fault_proxy.ts";
import { follow } from "../testing/following.ts";
import { clusterTest } from "../testing/namespace.ts";
import { tcpForwarder } from "../testing/tcp_forwarder.ts";
import { Transport } from "../transport.ts";

clusterTest(
  "after a connection is cut within a line, nothing is lost and nothing reported twice",
  async (namespace) => {
    let watches = 0;
    let halves = 0;
    await using proxy = await faultProxy(namespace.load(), async (url, forward) => {
      const response = await forward(url);
      if (!isWatch(url) || ++watches > 3) return response;
      return new Response(response.body?.pipeThrough(untilHalfOfSecondLine(() => halves++)), response);
    });
    await using forwarder = tcpForwarder(proxy.load());
    await using following = await follow(namespace, forwarder.load);
    const names = Array.from({ length: 12 }, (_, i) => `view-${String(i).padStart(2, "0")}`);
    let cuts = 0;
    for (const name of names) {
      await namespace.createService(name);
      if (cuts === 3) continue;
      await following.until("the line's half, or the line", () => halves > cuts || following.objects.has(name));
      if (halves === cuts) continue;
      cuts++;
      forwarder.cut();
      await following.until("the next watch", () => watches > cuts && following.reflector.state === "watching");
    }
    await following.until("all are reported", () => following.objects.size === names.length);
    deepEqual(following.changes, names.map((name) => `+${name}`));
    equal(cuts, 3);
    equal(following.reflector.counters.lists, 1);
    equal(following.reflector.counters.failures, 3);
  },
);

clusterTest(
  "when the API server falls silent, the probe notices, and the watch catches up soon after",
  async (namespace) => {
    await using forwarder = tcpForwarder(namespace.load());
    const transport = new Transport(forwarder.load);
    const prober = new Prober({
      probe: async (signal) => void await transport.call({ method: "GET", path: "/readyz", limit: 500 }, signal),
      interval: 200,
      time: systemTime,
    });
    const stop = new AbortController();
    const probing = prober.run(stop.signal);
    const timing = { watch: 600_000, connect: 1_000, page: 1_000 };
    await using following = await follow(namespace, forwarder.load, { prober, timing });
    forwarder.silence();
    await namespace.createService("a");
    await following.until("it is noticed", () => following.problems.length > 0);
    equal(prober.reachable, false);
    equal(following.objects.has("a"), false);
    forwarder.restore();
    await following.until("it has caught up", () => following.objects.has("a"));
    equal(following.reflector.counters.lists, 1);
    stop.abort();
    await probing;
    transport.close();
  },
);

clusterTest(
  "a watch that alone falls silent is abandoned once the API server should have ended it",
  async (namespace) => {
    await using forwarder = tcpForwarder(namespace.load());
    const timing = { watch: 1_000, grace: 1_000, connect: 1_000, page: 1_000 };
    await using following = await follow(namespace, forwarder.load, { timing });
    forwarder.silence();
    forwarder.restore();
    await namespace.createService("a");
    await following.until("it has caught up", () => following.objects.has("a"));
    match(following.problems.join(), /time limit/);
    equal(following.reflector.counters.lists, 1);
  },
);

clusterTest("it continues after repeated connection resets", async (namespace) => {
  await using forwarder = tcpForwarder(namespace.load());
  await using following = await follow(namespace, forwarder.load);
  for (let i = 0; i < 5; i++) {
    forwarder.cut();
    await namespace.createService(`view-${i}`);
    await following.until("the change is reported", () => following.objects.has(`view-${i}`));
  }
  equal(following.reflector.counters.lists, 1);
  ok(following.reflector.lastHeardAt! > performance.now() - 5_000);
});

/** Passes the first line and half of the second, and nothing more. */
function untilHalfOfSecondLine(onHalf: () => void): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0;
  return new TransformStream({
    transform(chunk, controller) {
      if (seen >= 2) return;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, end + 1)) {
        if (++seen < 2) continue;
        controller.enqueue(chunk.subarray(0, Math.floor(end / 2)));
        onHalf();
        return;
      }
      controller.enqueue(chunk);
    },
  });
}
