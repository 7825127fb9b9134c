import { deepEqual, doesNotMatch } from "node:assert/strict";
import { constantResources } from "./resources.ts";
import type { EnvoySettings } from "./settings.ts";

const settings: EnvoySettings = {
  accessLog: false,
  authentication: "none",
  baseHost: "localhost",
  contact: "",
  heldBytesInAll: 384 << 20,
  holdSeconds: 30,
  listenAddress: "127.0.0.1",
  listenPort: 8080,
  probeMethod: "",
  probePath: "",
  probeUserAgent: "",
  requestBodyBufferLimitBytes: 8 << 20,
  sessionSeconds: 43_200,
  socketDirectory: "/run/view-gateway",
  xffNumTrustedHops: 0,
  gateToken: "token",
};

Deno.test("without a collector nothing in Envoy's configuration is of traces; with one, the gate's listener and routes alone change", () => {
  const off = constantResources(settings);
  for (const { name, body } of off) doesNotMatch(new TextDecoder().decode(body), /trac|otlp|request_id/i, name);

  const traces = { endpoint: "http://collector:4318", caFile: "/ca.crt", instance: "" };
  const versions = new Map(off.map(({ type, name, version }) => [`${type} ${name}`, version]));
  const changed = constantResources({ ...settings, traces })
    .filter(({ type, name, version }) => versions.get(`${type} ${name}`) !== version)
    .map(({ type, name }) => `${type.replace(/.*\./, "")} ${name}`);
  deepEqual(changed, ["Cluster otlp_traces", "Listener traces", "Listener gate", "RouteConfiguration gate"]);
});
