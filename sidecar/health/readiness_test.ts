import { deepEqual, equal } from "node:assert/strict";
import type { WatchHealth } from "../kubernetes/watch/watch_health.ts";
import { type ReadinessInputs, readinessOf } from "./readiness.ts";

const watch = (age: number): WatchHealth => ({
  state: "watching",
  age,
  objects: 1,
  counters: { lists: 1, watches: 1, events: 1, unreadable: 0, failures: 0 },
});
const watches = {
  services: watch(1),
  jobs: watch(1),
  pods: watch(1),
  events: watch(1),
  configmaps: watch(1),
};
const well: ReadinessInputs = {
  draining: false,
  synced: true,
  served: true,
  health: { reachable: true, watches },
  ads: { streams: [{ node: "gateway-1", served: true, nacks: [] }] },
  silenceLimit: 70,
};

Deno.test("a sidecar is ready once it has read the views and Envoy has taken its listeners", () => {
  deepEqual(readinessOf(well), { ready: true, reasons: [], warnings: [] });
  equal(readinessOf({ ...well, synced: false }).ready, false);
  equal(readinessOf({ ...well, served: false }).ready, false);
});

Deno.test("a gateway that ends is not ready, and says so", () => {
  deepEqual(readinessOf({ ...well, draining: true }).reasons, ["The gateway ends."]);
});

Deno.test("an absent API server, a stale watch and a NACK are told, and take nothing out of service", () => {
  const nack = {
    type: "type.googleapis.com/envoy.config.cluster.v3.Cluster",
    name: "hello",
    version: "1",
    message: "no",
    since: 0,
  };
  deepEqual(
    readinessOf({
      ...well,
      health: { reachable: false, watches: { ...watches, jobs: watch(99.6), pods: watch(Infinity) } },
      ads: { streams: [{ node: "gateway-1", served: true, nacks: [nack] }] },
    }),
    {
      ready: true,
      reasons: [],
      warnings: [
        "The API server of Kubernetes does not answer.",
        "The watch of jobs has heard nothing for 100 s.",
        "The watch of pods has never heard anything.",
        "Envoy gateway-1 refuses Cluster hello: no",
      ],
    },
  );
});

Deno.test("grants that cannot be used are reported, and take nothing out of service", () => {
  deepEqual(readinessOf({ ...well, unusableGrants: "There is no ConfigMap x of grants." }), {
    ready: true,
    reasons: [],
    warnings: ["Nobody gets new subsets. There is no ConfigMap x of grants."],
  });
});

Deno.test("session keys that cannot be used are reported, and take nothing out of service", () => {
  const keysProblem = "Secret view-gateway-keys cannot be used: its data has no list of keys in keys.";
  deepEqual(readinessOf({ ...well, keysProblem }), { ready: true, reasons: [], warnings: [keysProblem] });
});

Deno.test("what is wrong with a renewed certificate is reported, and takes nothing out of service", () => {
  deepEqual(
    readinessOf({ ...well, certificateProblems: ["tls.key is not the key of the first certificate in tls.crt"] }),
    {
      ready: true,
      reasons: [],
      warnings: ["In TLS_DIRECTORY, tls.key is not the key of the first certificate in tls.crt."],
    },
  );
});
