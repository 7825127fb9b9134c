import { deepEqual, equal } from "node:assert/strict";
import type { ViewPhase, ViewPod } from "../view/state.ts";
import { deliveryOf } from "./delivery.ts";

const createdAt = "2026-01-01T00:00:00Z";
const start = Date.parse(createdAt);
const MINUTE = 60_000;
const made = (minute: number) => ({ madeAt: start + minute * MINUTE, endAt: start + (minute + 60) * MINUTE });
const ends = (minute: number) => new Date(start + minute * MINUTE).toISOString();

const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const starting: ViewPhase = { kind: "starting", job: "job-1", step: "assigning" };
const cold: ViewPod = { name: "hello-x", uid: "pod-1", createdAt };
const assignment = {
  ...{ pod: "pod-1", podName: "hello-x", pool: "warm", path: "/_gate/assign" },
  ...{ address: "10.0.0.1", port: 8080 },
};
const claimed: ViewPod = { ...cold, claimed: true, assignment };

const delivery = (pod: ViewPod | undefined, credentials: ReturnType<typeof made>, phase: ViewPhase = awake) =>
  deliveryOf({ phase, ...pod && { pod } }, credentials);

Deno.test("credentials that were made after a cold pod get there by its annotation", () => {
  deepEqual(delivery(cold, made(30)), { pod: cold, post: false });
  const former = { ...cold, credentialsEnd: ends(90) };
  deepEqual(delivery(former, made(60)), { pod: former, post: false });
});

Deno.test("a cold pod mounts credentials that are older, or hardly younger, than itself", () => {
  equal(delivery(cold, made(-1)), undefined);
  equal(delivery(cold, { madeAt: start + 4_000, endAt: start + MINUTE }), undefined);
});

Deno.test("a claimed pod is older than its credentials, so its annotation alone decides", () => {
  deepEqual(delivery(claimed, made(-1)), { pod: claimed, post: true });
  equal(delivery({ ...claimed, credentialsEnd: ends(60) }, made(0)), undefined);
  const former = { ...claimed, credentialsEnd: ends(60) };
  deepEqual(delivery(former, made(30)), { pod: former, post: true });
});

Deno.test("what another gateway has delivered is not taken back by one that has seen only older credentials", () => {
  for (const pod of [cold, claimed]) equal(delivery({ ...pod, credentialsEnd: ends(120) }, made(30)), undefined);
});

Deno.test("an annotation that is no time counts as missing", () => {
  equal(delivery({ ...claimed, credentialsEnd: "soon" }, made(30))?.post, true);
});

Deno.test("a pod without an address, or before its assignment, and a view without a pod get nothing now", () => {
  const { assignment: _, ...unaddressed } = claimed;
  equal(delivery(unaddressed, made(30)), undefined);
  equal(delivery(claimed, made(30), starting), undefined);
  equal(delivery(undefined, made(30)), undefined);
  equal(delivery(cold, made(30), { kind: "starting", job: "job-1", step: "waiting for readiness" })?.post, false);
});
