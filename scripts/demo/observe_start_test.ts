import assert from "node:assert/strict";
import { ofPod } from "./observe_start.ts";

Deno.test("a pod is scheduled when it has a node, and started when all its containers run", () => {
  assert.deepEqual(ofPod({ spec: {} }), []);
  assert.deepEqual(ofPod({ spec: { nodeName: "node" }, status: {} }), ["podScheduled"]);
  const waiting = { state: {} };
  const running = { state: { running: { startedAt: "" } } };
  assert.deepEqual(ofPod({ spec: { nodeName: "node" }, status: { containerStatuses: [running, waiting] } }), [
    "podScheduled",
  ]);
  assert.deepEqual(ofPod({ spec: { nodeName: "node" }, status: { containerStatuses: [running] } }), [
    "podScheduled",
    "containerStarted",
  ]);
});

Deno.test("a pod of a pool is claimed, and assigned, when its annotations say so", () => {
  const claimed = { "view.yolean.se/claimed-from": "2026-11-28-warm-default-0" };
  assert.deepEqual(ofPod({ metadata: { annotations: claimed } }), ["podClaimed"]);
  const assigned = { ...claimed, "view.yolean.se/assigned": "service-1" };
  assert.deepEqual(ofPod({ metadata: { annotations: assigned } }), ["podClaimed", "podAssigned"]);
});

Deno.test("a pod has an address and serves when its status says so", () => {
  const says = (Ready: string) => ({ status: { podIP: "10.0.0.1", conditions: [{ type: "Ready", status: Ready }] } });
  assert.deepEqual(ofPod({ status: { conditions: [] } }), []);
  assert.deepEqual(ofPod(says("False")), ["podAddressed"]);
  assert.deepEqual(ofPod(says("True")), ["podAddressed", "podServing"]);
});
