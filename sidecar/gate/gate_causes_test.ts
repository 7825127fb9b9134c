import { deepEqual } from "node:assert/strict";
import { EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import { asleep, awake, startGate } from "./testing/gate.ts";

Deno.test("the denial of endpoints that Envoy refuses has Envoy's words, and does not blame Kubernetes", async () => {
  const refusal = new EndpointsRefusedError('Envoy refuses ClusterLoadAssignment "hello": no port');
  const { ask, views, faults } = startGate({
    acks: { isAcked: () => false, untilAcked: () => Promise.reject(refusal) },
  });
  views.put("hello", awake());
  deepEqual(await ask(), { kind: "denied", denial: { kind: "not routed", view: "hello", message: refusal.message } });
  deepEqual(faults, []);
});

Deno.test("a launch that takes too long says what it waited for", async () => {
  const { ask, views, setOutcome } = startGate();
  views.put("hello", asleep());
  setOutcome({ kind: "late", seconds: 30, waitedFor: "its template" });
  deepEqual(await ask(), {
    kind: "denied",
    denial: { kind: "launch timeout", view: "hello", seconds: 30, waitedFor: "its template" },
  });
});

Deno.test("a launch that a stopping sidecar gives up hands the request back", async () => {
  const { ask, views, setOutcome } = startGate();
  views.put("hello", asleep());
  setOutcome({ kind: "stopping" });
  deepEqual(await ask(), { kind: "handed back" });
});

Deno.test("an unexpected error is logged, and called the gateway's own", async () => {
  const fault = new TypeError("x is not a function");
  const { ask, views, faults } = startGate({ launcher: { launch: () => Promise.reject(fault) } });
  views.put("hello", asleep());
  deepEqual(await ask(), { kind: "denied", denial: { kind: "fault", view: "hello" } });
  deepEqual(faults, [fault]);
});
