import { deepEqual } from "node:assert/strict";
import { stepsOfPod, stepsOfSlice } from "./wake_times.ts";

const metadata = {};

Deno.test("a pod is created, then it has a node, then it is ready", () => {
  deepEqual(stepsOfPod({ metadata }), ["podCreated"]);
  deepEqual(stepsOfPod({ metadata, spec: { nodeName: "kwok" } }), ["podCreated", "podScheduled"]);
  const conditions = [{ type: "Ready", status: "True" }];
  deepEqual(stepsOfPod({ metadata, spec: { nodeName: "kwok" }, status: { conditions } }), [
    "podCreated",
    "podScheduled",
    "podReady",
  ]);
  deepEqual(stepsOfPod({ metadata, status: { conditions: [{ type: "Ready", status: "False" }] } }), ["podCreated"]);
});

Deno.test("an EndpointSlice has a ready pod when it serves, not when the Service also publishes unready addresses", () => {
  deepEqual(stepsOfSlice({ metadata, endpoints: null }), ["sliceCreated"]);
  deepEqual(stepsOfSlice({ metadata, endpoints: [{ conditions: { ready: true, serving: false } }] }), ["sliceCreated"]);
  deepEqual(stepsOfSlice({ metadata, endpoints: [{ conditions: { ready: true, serving: true } }] }), [
    "sliceCreated",
    "sliceReady",
  ]);
});
