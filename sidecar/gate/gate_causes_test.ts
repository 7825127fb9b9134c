import { deepEqual } from "node:assert/strict";
import { EndpointsRefusedError } from "../envoy/endpoint_acks.ts";
import { asleep, awake, start } from "./testing/gate.ts";

Deno.test("what Envoy refuses is told in its own words, and is no fault of Kubernetes'", async () => {
  const refusal = new EndpointsRefusedError('Envoy refuses ClusterLoadAssignment "hello": no port');
  const { ask, views, faults } = start({ acks: { isAcked: () => false, untilAcked: () => Promise.reject(refusal) } });
  views.put("hello", awake());
  deepEqual(await ask(), { kind: "denied", denial: { kind: "not routed", view: "hello", message: refusal.message } });
  deepEqual(faults, []);
});

Deno.test("a launch that came to no end in time says what it waited for", async () => {
  const { ask, views, launchesEnd } = start();
  views.put("hello", asleep());
  launchesEnd({ kind: "late", seconds: 30, waitedFor: "its template" });
  deepEqual(await ask(), {
    kind: "denied",
    denial: { kind: "launch timeout", view: "hello", seconds: 30, waitedFor: "its template" },
  });
});

Deno.test("a launch that a stopping sidecar leaves is asked for again of the next one", async () => {
  const { ask, views, launchesEnd } = start();
  views.put("hello", asleep());
  launchesEnd({ kind: "stopping" });
  deepEqual(await ask(), { kind: "handed back" });
});

Deno.test("what nobody has thought of is told to the log, and is not blamed on anybody else", async () => {
  const fault = new TypeError("x is not a function");
  const { ask, views, faults } = start({ launcher: { launch: () => Promise.reject(fault) } });
  views.put("hello", asleep());
  deepEqual(await ask(), { kind: "denied", denial: { kind: "fault", view: "hello" } });
  deepEqual(faults, [fault]);
});
