import assert from "node:assert/strict";
import { ofPod, ofSlice } from "./observe_start.ts";

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

Deno.test("a pod has an address when a slice lists it, and serves when the slice says so", () => {
  assert.deepEqual(ofSlice({ endpoints: null }), []);
  assert.deepEqual(ofSlice({ endpoints: [{ conditions: { serving: false } }] }), ["podAddressed"]);
  assert.deepEqual(ofSlice({ endpoints: [{ conditions: { serving: true, terminating: true } }] }), []);
  assert.deepEqual(ofSlice({ endpoints: [{ conditions: { serving: true, terminating: false } }] }), [
    "podAddressed",
    "podServing",
  ]);
});
