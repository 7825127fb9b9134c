import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { probes, type Readiness } from "./probes.ts";

function start(readiness: Readiness) {
  let text = "";
  const metrics = { contentType: "text/plain; version=0.0.4", text: () => Promise.resolve(text) };
  return { app: probes({ readiness: () => readiness, metrics }), measured: (now: string) => text = now };
}

const well: Readiness = { ready: true, reasons: [], warnings: [] };

Deno.test("a gateway that can serve is ready, also with warnings", async () => {
  const state = { ...well, warnings: ["Envoy refuses Cluster bad"] };
  const response = await start(state).app.request("/readyz");
  equal(response.status, 200);
  deepEqual(await response.json(), state);
});

Deno.test("a gateway that cannot serve is not ready and says why, but is alive", async () => {
  const { app } = start({ ready: false, reasons: ["not synced"], warnings: [] });
  const response = await app.request("/readyz");
  equal(response.status, 503);
  deepEqual((await response.json()).reasons, ["not synced"]);
  equal((await app.request("/livez")).status, 200);
  equal((await app.request("/startupz")).status, 200);
});

Deno.test("metrics are current, and have their own content type", async () => {
  const { app, measured } = start(well);
  measured("a 1\n");
  const response = await app.request("/metrics");
  deepEqual([response.headers.get("content-type"), await response.text()], ["text/plain; version=0.0.4", "a 1\n"]);
  measured("a 2\n");
  equal(await (await app.request("/metrics")).text(), "a 2\n");
});

Deno.test("the port for probes serves nothing else: it is open to the network", async () => {
  const { app } = start(well);
  for (const path of ["/", "/_api/views", "/debug"]) equal((await app.request(path)).status, 404);
  equal((await app.request("/livez", { method: "POST" })).status, 404);
});

Deno.test("an unknown path names the known ones, and an error reaches the server", async () => {
  const response = await start(well).app.request("/stats");
  equal(response.status, 404);
  match((await response.json()).detail, /There is nothing at \/stats\. Use \/livez/);
  const broken = { contentType: "text/plain", text: () => Promise.reject(new Error("a fault")) };
  await rejects(async () => await probes({ readiness: () => well, metrics: broken }).request("/metrics"), /a fault/);
});
