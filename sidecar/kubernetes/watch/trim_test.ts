import { deepEqual, equal, match, throws } from "node:assert/strict";
import { leaseBounds } from "../../view/testing/lease_bounds.ts";
import { trimFailedCreate, trimJob, trimPod, trimService as trimmed } from "./trim.ts";

const trimService = (service: Parameters<typeof trimmed>[0]) => trimmed(service, leaseBounds);
const at = "2026-01-01T00:00:00Z";
const metadata = {
  name: "hello",
  uid: "uid-1",
  resourceVersion: "7",
  creationTimestamp: at,
  labels: { "view.yolean.se/name": "hello" },
  managedFields: [{ manager: "kubectl" }],
};

Deno.test("a Service's spec is read, valid or not", () => {
  const annotations = { "view.yolean.se/spec": '{"subsets": []}', other: "x" };
  const ports = [{ name: "http", port: 80, targetPort: "http" }];
  const spec = { clusterIP: "None", selector: { "view.yolean.se/name": "hello" }, ports };
  const service = { metadata: { ...metadata, annotations }, spec };
  deepEqual(trimService(service), {
    view: "hello",
    object: {
      name: "hello",
      uid: "uid-1",
      resourceVersion: "7",
      createdAt: at,
      spec: { spec: { subsets: [] } },
      deleting: false,
    },
  });
});

Deno.test("a Service's owner is kept as it is written; an empty one is none", () => {
  const ownerIn = (owner: string) =>
    trimService({ metadata: { ...metadata, annotations: { "view.yolean.se/owner": owner } } }).object.owner;
  for (const owner of ["oidc:alice", ' "Zoë", the 1st\n', "system:serviceaccount:a:b"]) equal(ownerIn(owner), owner);
  equal(ownerIn(""), undefined);
});

Deno.test("a Service's target is kept unless it is the default one", () => {
  const kept = (change: object) => {
    const annotations = { "view.yolean.se/spec": '{"subsets": []}' };
    const ports = [{ name: "http", port: 80, targetPort: "http" }];
    const spec = { clusterIP: "None", selector: { "view.yolean.se/name": "hello" }, ports, ...change };
    const { spec: result } = trimService({ metadata: { ...metadata, annotations }, spec }).object;
    return "target" in result ? result.target : undefined;
  };
  equal(kept({}), undefined);
  deepEqual(kept({ ports: [{ port: 80, targetPort: 8080 }] }), { targetPort: 8080, labels: {} });
});

Deno.test("a Service is headless if clusterIP is None, and its deletion is seen", () => {
  const { object } = trimService({ metadata: { ...metadata, deletionTimestamp: at }, spec: { clusterIP: "10.0.0.1" } });
  equal(object.deleting, true);
  const invalid = /^The Service is not headless: set spec.clusterIP to None\./;
  match("invalid" in object.spec ? object.spec.invalid : "", invalid);
  const { spec } = trimService({ metadata }).object;
  match("invalid" in spec ? spec.invalid : "", invalid);
});

Deno.test("a Job is a view's if its label has the Job's name; its owner is a Service", () => {
  const ownerReferences = [
    { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "uid-9" },
    { apiVersion: "v1", kind: "Service", name: "hello", uid: "service-1" },
  ];
  const job = {
    metadata: { ...metadata, ownerReferences },
    spec: { activeDeadlineSeconds: 900, template: {} },
    status: { startTime: at, conditions: [{ type: "Failed", status: "True", lastTransitionTime: at }] },
  };
  const { view, object } = trimJob(job)!;
  deepEqual([view, object.ownerUid, object.startedAt, object.activeDeadlineSeconds], ["hello", "service-1", at, 900]);
  deepEqual(object.conditions, [{ type: "Failed", status: "True", reason: "", message: "", at }]);
  equal(trimJob({ metadata })?.object.ownerUid, undefined);
  const deleted = { ...metadata, deletionTimestamp: at };
  deepEqual(trimJob({ metadata: { ...deleted, finalizers: ["orphan"] } })?.object.blockingFinalizers, undefined);
  deepEqual(trimJob({ metadata: { ...deleted, finalizers: ["orphan", "a/b"] } })?.object.blockingFinalizers, ["a/b"]);
  deepEqual(trimJob({ metadata: { ...metadata, finalizers: ["a/b"] } })?.object.blockingFinalizers, undefined);
  equal(trimJob({ metadata: { ...metadata, name: "hello-extra" } }), undefined);
  equal(trimJob({ metadata: { ...metadata, labels: {} } }), undefined);
});

Deno.test("a Job has no pod if the Job controller has looked at it and counts none, running or ended", () => {
  const podless = (status: object) => trimJob({ metadata, status })?.object.podless;
  const seen = { startTime: at, ready: 0, terminating: 0, uncountedTerminatedPods: {} };
  equal(podless(seen), true);
  equal(podless({}), undefined, "the controller may be away");
  for (const field of ["active", "ready", "terminating", "succeeded", "failed"]) {
    equal(podless({ ...seen, [field]: 1 }), undefined, field);
  }
});

Deno.test("a pod's init containers come first, each with its waiting or terminated state", () => {
  const status = {
    phase: "Pending",
    containerStatuses: [
      { ...container("view"), state: { waiting: { reason: "ErrImagePull" } } },
      { ...container("side"), state: { running: { startedAt: at } } },
    ],
    initContainerStatuses: [
      {
        ...container("init"),
        state: { terminated: { exitCode: 1, reason: "Error", message: "no lake", startedAt: at } },
      },
    ],
  };
  const labels = { "view.yolean.se/name": "hello", "batch.kubernetes.io/controller-uid": "job-1" };
  const { view, object } = trimPod({ metadata: { ...metadata, name: "hello-x", labels }, status })!;
  deepEqual([view, object.name, object.jobUid, object.phase], ["hello", "hello-x", "job-1", "Pending"]);
  deepEqual(object.containers, [
    {
      name: "init",
      startedAt: at,
      waiting: undefined,
      terminated: { exitCode: 1, reason: "Error", message: "no lake" },
    },
    { name: "view", startedAt: undefined, waiting: { reason: "ErrImagePull", message: "" }, terminated: undefined },
    { name: "side", startedAt: at, waiting: undefined, terminated: undefined },
  ]);
});

Deno.test("a pod's labels and TCP ports are kept, to compare with its Service's target", () => {
  const containers = [{ name: "view", ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }] }];
  deepEqual(trimPod({ metadata, spec: { containers } })?.object.shape, {
    labels: metadata.labels,
    ports: [{ name: "http", number: 8080 }],
  });
});

Deno.test("a pod's start probe is the path in its annotation, if that is a path", () => {
  const probed = (path: string) =>
    trimPod({ metadata: { ...metadata, annotations: { "view.yolean.se/start-probe": path } } })?.object;
  equal(probed("/healthz")?.startProbe, "/healthz");
  equal("startProbe" in probed("healthz")!, false);
  equal("startProbe" in trimPod({ metadata })!.object, false);
});

Deno.test("a pod has its first address, if that is one of a pod", () => {
  const kept = (podIP?: string) => trimPod({ metadata, status: { ...podIP !== undefined && { podIP } } })?.object;
  equal(kept("10.0.0.1")?.address, "10.0.0.1");
  equal(kept("fd00::1")?.address, "fd00::1");
  equal("address" in kept("127.0.0.1")!, false);
  equal("address" in kept()!, false);
});

const CLAIM_GATES = [{ name: "view.yolean.se/claim" }];

Deno.test("a Job and its pod are gated by the gate of claims alone", () => {
  const labels = { "view.yolean.se/name": "hello" };
  const gated = (schedulingGates: object[]) => {
    const template = { spec: { containers: [], schedulingGates } } as never;
    return [
      trimJob({ metadata, spec: { template } })?.object.gated,
      trimPod({ metadata: { ...metadata, labels }, spec: { containers: [], schedulingGates } as never })?.object.gated,
    ];
  };
  deepEqual(gated(CLAIM_GATES), [true, true]);
  deepEqual(gated([{ name: "kueue.x-k8s.io/admission" }]), [undefined, undefined]);
  deepEqual(gated([]), [undefined, undefined]);
});

Deno.test("a claimed pod says from where, for whom, and until when its credentials are good", () => {
  const kept = (annotations: Record<string, string>) => {
    const { claimedFrom, assignPath, assigned, credentialsEnd } =
      trimPod({ metadata: { ...metadata, annotations } })!.object;
    return [claimedFrom, assignPath, assigned, credentialsEnd];
  };
  const claimed = { "view.yolean.se/claimed-from": "2026-11-28-warm-duckdb-3f2a91c0b7-000" };
  const warm = { "view.yolean.se/warm": "2", "view.yolean.se/assign": "/_gate/assign" };
  const assigned = { "view.yolean.se/assigned": "service-1" };
  const pool = "2026-11-28-warm-duckdb-3f2a91c0b7-000";
  deepEqual(kept({ ...claimed, ...warm, ...assigned }), [pool, "/_gate/assign", "service-1", undefined]);
  deepEqual(kept({ ...claimed, ...warm, "view.yolean.se/assign": "/public" }), [pool, undefined, undefined, undefined]);
  const nothing = [undefined, undefined, undefined, undefined];
  deepEqual(kept({ ...warm, ...assigned }), nothing, "a pod that was not claimed has no assignment");
  deepEqual(kept({ "view.yolean.se/credentials-end": at }), [undefined, undefined, undefined, at]);
});

Deno.test("a pod without a status is Unknown, and a pod without the label is no view's", () => {
  const { object } = trimPod({ metadata })!;
  deepEqual([object.phase, object.containers, object.conditions, object.jobUid], ["Unknown", [], [], undefined]);
  equal(trimPod({ metadata: { ...metadata, labels: {} } }), undefined);
});

Deno.test("an Event belongs to its involved Job, and its last timestamp counts", () => {
  const event = { metadata, involvedObject: { kind: "Job", name: "hello", uid: "job-1" }, message: "exceeded quota" };
  const later = "2026-01-01T00:00:09Z";
  equal(trimFailedCreate(event)?.object.at, at);
  equal(trimFailedCreate({ ...event, eventTime: later })?.object.at, later);
  deepEqual(trimFailedCreate({ ...event, lastTimestamp: later, eventTime: at }), {
    view: "hello",
    object: { name: "hello", uid: "uid-1", jobUid: "job-1", message: "exceeded quota", at: later },
  });
  equal(trimFailedCreate({ ...event, involvedObject: {} }), undefined);
});

Deno.test("an object without a name or UID is an error", () => {
  throws(() => trimService({ metadata: { name: "hello" } }), TypeError);
  throws(() => trimService({}), TypeError);
});

function container(name: string) {
  return { name, image: "view", imageID: "", ready: false, restartCount: 0 };
}
