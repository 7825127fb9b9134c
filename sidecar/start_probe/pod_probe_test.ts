import { deepEqual, equal, ok } from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { socketsIn } from "../envoy/sockets.ts";
import { Gateway } from "../envoy/testing/gateway.ts";
import { Pod } from "../envoy/testing/pod.ts";
import { PodProbe } from "./pod_probe.ts";

const signal = new AbortController().signal;
const of = ({ address }: Pod, path = "/healthz") => ({ pod: "pod-1", path, ...address });

/** The real Envoy, and a probe through it. */
async function started() {
  const gateway = await Gateway.start();
  const probe = new PodProbe(gateway.settings.socketDirectory, (error) => {
    throw error;
  });
  return {
    gateway,
    probe,
    async [Symbol.asyncDispose]() {
      probe.close();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a pod serves when it answers 2xx or 3xx at the path", async () => {
  await using pod = await Pod.start("a", {
    answer: (request, response) => response.writeHead(Number(request.url?.slice(2)), { location: "/" }).end("text"),
  });
  await using gateway = await started();
  const served = [];
  for (const status of [200, 204, 302, 399, 400, 401, 404, 500, 503]) {
    if (await gateway.probe.serves(of(pod, `/?${status}`), signal)) served.push(status);
  }
  deepEqual(served, [200, 204, 302, 399]);
  const { method, headers } = pod.requests[0]!;
  const { host, "user-agent": agent, ...others } = headers;
  deepEqual([method, host, agent], ["GET", `127.0.0.1:${pod.address.port}`, "view-gateway-probe"]);
  deepEqual(Object.keys(others).filter((name) => name.startsWith("x-")), ["x-envoy-original-dst-host"]);
});

Deno.test("a pod that refuses connections does not serve, until it accepts them", async () => {
  const pod = await Pod.start("a");
  await pod.stop();
  await using gateway = await started();
  equal(await gateway.probe.serves(of(pod), signal), false);
  await using later = await Pod.start("a", { port: pod.address.port });
  equal(await gateway.probe.serves(of(later), signal), true);
  await later.stop();
  equal(await gateway.probe.serves(of(later), signal), false, "no connection is left that would hide it");
});

Deno.test("a probe without an answer ends after half a second", async () => {
  await using pod = await Pod.start("a", { answer: () => {} });
  await using gateway = await started();
  const began = performance.now();
  equal(await gateway.probe.serves(of(pod), signal), false);
  const took = performance.now() - began;
  ok(took > 400 && took < 950, `${took} ms`);
});

Deno.test("a probe ends when nobody waits for it", async () => {
  await using pod = await Pod.start("a", { answer: () => {} });
  await using gateway = await started();
  const stop = new AbortController();
  const asked = gateway.probe.serves(of(pod), stop.signal);
  await pause(50);
  const began = performance.now();
  stop.abort();
  equal(await asked, false);
  ok(performance.now() - began < 100);
});

Deno.test("without Envoy no pod serves, and the error is reported once", async () => {
  const directory = await Deno.makeTempDir({ prefix: "probe-" });
  const told: unknown[] = [];
  const probe = new PodProbe(directory, (error) => told.push(error));
  const asked = () => probe.serves({ pod: "pod-1", path: "/", address: "127.0.0.1", port: 1 }, signal);
  try {
    deepEqual([await asked(), await asked(), told.length], [false, false, 1]);
    // In Envoy's place.
    const options = { path: socketsIn(directory).startProbes, onListen: () => {} };
    const server = Deno.serve(options, () => new Response(null, { status: 503 }));
    deepEqual([await asked(), told.length], [false, 1]);
    await server.shutdown();
    deepEqual([await asked(), told.length], [false, 2]);
  } finally {
    probe.close();
    await Deno.remove(directory, { recursive: true });
  }
});
