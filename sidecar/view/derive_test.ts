import { deepEqual, equal, match } from "node:assert/strict";
import { derive } from "./derive.ts";
import type { PodObject, ViewObjects } from "./objects.ts";
import type { ViewPhase } from "./state.ts";
import { at, claimed, condition, container, job, objects, pod, ready, service } from "./testing/objects.ts";

const phase = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) =>
  derive(objects(change), previous)?.phase;
const waiting = (reason: string) =>
  pod({ phase: "Pending", containers: [container({ waiting: { reason, message: "" } })] });

Deno.test("without a Service, or while it is being deleted, there is no view", () => {
  equal(derive(objects({ service: undefined, job: job() }), undefined), undefined);
  equal(derive(objects({ service: { ...service, deleting: true } }), undefined), undefined);
});

Deno.test("with a Service alone the view is asleep", () => {
  deepEqual(phase({}), { kind: "asleep", ended: undefined });
});

Deno.test("with an invalid spec the view has failed with a cause", () => {
  const state = derive(
    objects({ service: { ...service, spec: { invalid: "The annotation is not JSON." } } }),
    undefined,
  );
  equal(state?.spec, undefined);
  equal(state?.phase.kind === "failed" && state.phase.cause.reason, "InvalidSpec");
});

Deno.test("a view has the owner that its Service names", () => {
  equal(derive(objects({ service: { ...service, owner: "oidc:alice" } }), undefined)?.owner, "oidc:alice");
  equal(derive(objects({}), undefined)?.owner, undefined);
});

Deno.test("a view is public only where its spec and the gateway both say so", () => {
  const isPublic = (spec: object, publicViews?: boolean) => {
    const saying = { ...service, spec: { spec: { subsets: [], ...spec } } };
    return derive(objects({ service: saying }), undefined, undefined, publicViews)?.public;
  };
  equal(isPublic({ public: true }, true), true);
  equal(isPublic({ public: true }, false), undefined);
  equal(isPublic({ public: true }), undefined);
  equal(isPublic({ public: false }, true), undefined);
  equal(isPublic({}, true), undefined);
});

Deno.test("a starting view goes through its steps", () => {
  const steps = [
    phase({ job: job() }),
    phase({ job: job(), pods: [pod({ phase: "Pending", conditions: [] })] }),
    phase({ job: job(), pods: [pod({ phase: "Pending" })] }),
    phase({ job: job(), pods: [waiting("ContainerCreating")] }),
    phase({ job: job(), pods: [pod()] }),
  ].map((phase) => phase?.kind === "starting" && phase.step);
  deepEqual(steps, ["no pod", "scheduling", "creating container", "creating container", "waiting for readiness"]);
});

Deno.test("with a serving pod the view is awake at the pod's address", () => {
  deepEqual(phase({ job: job(), pods: [ready()] }), {
    kind: "awake",
    job: "job-1",
    serving: [{ address: "10.0.0.1", port: 8080 }],
    lease: { startedAt: Date.parse(job().startedAt!), activeDeadlineSeconds: 900 },
  });
});

Deno.test("a pod of a former view with the same name does not count", () => {
  const former = job({ ownerUid: "service-0" });
  const state = derive(objects({ job: former, pods: [ready()] }), undefined);
  deepEqual(state?.phase, { kind: "asleep", ended: undefined });
  deepEqual(state?.draining, []);

  const both = phase({
    job: job({ uid: "job-2" }),
    pods: [ready(), ready({ uid: "pod-2", jobUid: "job-2", address: "10.0.0.2" })],
  });
  deepEqual(both?.kind === "awake" && both.serving, [{ address: "10.0.0.2", port: 8080 }]);
});

Deno.test("a pod that ends is drained, and gets no new requests", () => {
  const state = derive(
    objects({ job: job(), pods: [ready({ deleting: true })] }),
    undefined,
  );
  equal(state?.phase.kind, "starting");
  deepEqual(state?.draining, [{ address: "10.0.0.1", port: 8080 }]);
});

Deno.test("after its lease the view is asleep while its pod still drains", () => {
  const ending = job({ conditions: [condition("FailureTarget", "DeadlineExceeded")] });
  const state = derive(objects({ job: ending, pods: [ready()] }), undefined);
  deepEqual(state?.phase, { kind: "asleep", ended: "job-1" });
  deepEqual(state?.draining, [{ address: "10.0.0.1", port: 8080 }]);
});

Deno.test("with a Job that is complete or being deleted the view is asleep", () => {
  const asleep: ViewPhase = { kind: "asleep", ended: "job-1" };
  deepEqual(phase({ job: job({ conditions: [condition("Complete")] }) }), asleep);
  deepEqual(phase({ job: job({ conditions: [condition("SuccessCriteriaMet")] }) }), asleep);
  deepEqual(phase({ job: job({ deleting: true }) }), asleep);
});

Deno.test("the cause of a pod that cannot start is in Kubernetes' words", () => {
  const reason = (change: Partial<ViewObjects>) => {
    const now = phase({ job: job(), ...change });
    return now?.kind === "failed" ? now.cause.reason : now?.kind;
  };
  equal(reason({ pods: [waiting("ErrImagePull")] }), "ErrImagePull");
  equal(reason({ pods: [waiting("CreateContainerConfigError")] }), "CreateContainerConfigError");
  equal(
    reason({ pods: [pod({ phase: "Pending", conditions: [condition("PodScheduled", "Unschedulable", "False")] })] }),
    "Unschedulable",
  );
});

Deno.test("the last pod of a failed Job gives the cause", () => {
  const failed = job({ conditions: [condition("Failed", "BackoffLimitExceeded")] });
  const cause = (...pods: PodObject[]) => {
    const now = phase({ job: failed, pods });
    return now?.kind === "failed" ? `${now.cause.reason}: ${now.cause.message}` : now?.kind;
  };
  const ended = (reason: string, exitCode: number) =>
    pod({ phase: "Failed", containers: [container({ terminated: { reason, exitCode, message: "" } })] });
  match(cause(ended("OOMKilled", 137)) ?? "", /^OOMKilled: Container view ended with exit code 137/);
  match(cause(ended("Error", 3)) ?? "", /^Error: Container view ended with exit code 3/);
  match(cause(pod({ phase: "Failed", reason: "Evicted", message: "low on disk" })) ?? "", /^Evicted: low on disk/);
  match(cause() ?? "", /^BackoffLimitExceeded/);
});

Deno.test("a view whose pod is killed after it served fell asleep, which is no failed start", () => {
  const awake = derive(objects({ job: job(), pods: [ready()] }), undefined);
  const asleep: ViewPhase = { kind: "asleep", ended: "job-1" };
  deepEqual(phase({ job: job(), pods: [pod({ phase: "Failed" })] }, awake), asleep);
  deepEqual(phase({ job: job(), pods: [] }, awake), asleep);
  const ended = job({ conditions: [condition("Failed", "BackoffLimitExceeded")] });
  deepEqual(phase({ job: ended }, awake), { ...asleep, spent: true });
  const again = phase({ job: job({ uid: "job-2", conditions: [condition("Failed", "BackoffLimitExceeded")] }) }, awake);
  equal(again?.kind, "failed");
});

const causeOf = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) => {
  const now = phase({ job: job(), ...change }, previous);
  return now?.kind === "failed" ? `${now.cause.reason}: ${now.cause.message}` : now?.kind;
};
const crashed = (message: string, name = "view") =>
  pod({ phase: "Failed", containers: [container({ name, terminated: { reason: "Error", exitCode: 3, message } })] });

Deno.test("the cause of a crash has the exit code and the last line of the log", () => {
  const failed = job({ conditions: [condition("Failed", "BackoffLimitExceeded")] });
  const expected = "Error: Container view ended with exit code 3: no such file: /data";
  equal(causeOf({ job: failed, pods: [crashed("starting\nno such file: /data\n")] }), expected);
  match(causeOf({ job: failed, pods: [crashed("no", "fetch")] }) ?? "", /^Error: Container fetch ended/);
});

Deno.test("a crash counts as soon as its pod has failed, if the Job creates no other pod", () => {
  match(causeOf({ job: job({ backoffLimit: 0 }), pods: [crashed("no")] }) ?? "", /exit code 3: no$/);
  equal(causeOf({ job: job({ backoffLimit: 1 }), pods: [crashed("no")] }), "starting");
});

Deno.test("the Job controller's reason counts while there is no pod", () => {
  const failedCreates = [
    { name: "a", uid: "event-1", jobUid: "job-1", message: "exceeded quota", at },
    { name: "b", uid: "event-2", jobUid: "job-0", message: "of another Job", at },
  ];
  equal(causeOf({ failedCreates }), "FailedCreate: exceeded quota");
  equal(causeOf({ failedCreates, pods: [pod()] }), "starting");
});

Deno.test("a conflict at the count of a quota is no failure: the Job controller tries again", () => {
  const message =
    'Error creating: Operation cannot be fulfilled on resourcequotas "views": the object has been modified';
  const conflict = { name: "b", uid: "event-2", jobUid: "job-1", message, at };
  equal(causeOf({ failedCreates: [conflict] }), "starting");
  const exceeded = { name: "a", uid: "event-1", jobUid: "job-1", message: "exceeded quota", at };
  equal(causeOf({ failedCreates: [exceeded, conflict] }), "FailedCreate: exceeded quota");
});

Deno.test("a Job that ends before it served has failed only if it was seen not to serve", () => {
  const over = job({ conditions: [condition("Failed", "DeadlineExceeded")] });
  const complete = job({ conditions: [condition("Complete")] });
  const starting = derive(objects({ job: job(), pods: [pod()] }), undefined);
  match(causeOf({ job: over }, starting) ?? "", /^DeadlineExceeded: .* of 900 s; its last step: waiting for readiness/);
  match(causeOf({ job: complete, pods: [pod()] }, starting) ?? "", /^Completed: Container view ended with exit code 0/);
  equal(causeOf({ job: complete, pods: [pod({ deleting: true })] }, starting), "asleep", "it was deleted");
  equal(causeOf({ job: complete }, starting), "asleep", "its pod is gone, so that it was deleted");
  equal(causeOf({ job: over }), "asleep");
  equal(causeOf({ job: { ...over, uid: "job-2" } }, starting), "asleep");

  const failed = derive(objects({ job: job(), pods: [waiting("ErrImagePull")] }), starting);
  match(causeOf({ job: over }, failed) ?? "", /^ErrImagePull/);
});

Deno.test("the cause of a pending pod may pass", () => {
  const failed = derive(objects({ job: job(), pods: [waiting("ImagePullBackOff")] }), undefined);
  equal(failed?.phase.kind, "failed");
  equal(phase({ job: job(), pods: [ready()] }, failed)?.kind, "awake");
});

Deno.test("an attempt has the number of failed attempts before it, and its time of failure", () => {
  const attempt = (change: Partial<ViewObjects>) => derive(objects(change), undefined)?.attempt;
  equal(attempt({}), undefined);
  equal(attempt({ job: job({ ownerUid: "service-0" }) }), undefined);
  deepEqual(attempt({ job: job({ failures: 2, digest: "abc" }) }), { createdAt: at, failures: 2, digest: "abc" });
  const later = { ...condition("Failed", "BackoffLimitExceeded"), at: "2026-01-01T00:00:09Z" };
  equal(attempt({ job: job({ conditions: [later] }) })?.failedAt, later.at);
  equal(attempt({ job: job(), pods: [waiting("ErrImagePull")] })?.failedAt, at);
});

const starts = { job: job(), pods: [pod({ startProbe: "/healthz" })] };
const probe = { pod: "pod-1", path: "/healthz", address: "10.0.0.1", port: 8080 };
const probeIn = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) => {
  const now = phase({ ...starts, ...change }, previous);
  return now?.kind === "starting" ? now.probe : now?.kind;
};

Deno.test("a starting pod can be probed if its template says so, once it has an address", () => {
  deepEqual(probeIn({}), probe);
  equal(probeIn({ pods: [pod()] }), undefined);
  const { address: _, ...unaddressed } = pod({ startProbe: "/healthz" });
  equal(probeIn({ pods: [unaddressed] }), undefined);
  equal(probeIn({ pods: [pod({ startProbe: "/healthz", deleting: true })] }), undefined);
});

Deno.test("a view is awake once its pod has answered the gateway's probe, before Kubernetes reports it", () => {
  const awake = derive(objects({ ...starts, answered: [{ uid: "pod-1" }] }), undefined);
  const serving = [{ address: "10.0.0.1", port: 8080 }];
  deepEqual(awake?.phase.kind === "awake" && awake.phase.serving, serving);
  equal(awake?.served, "job-1");
  deepEqual(
    awake,
    derive(objects({ ...starts, pods: [ready({ startProbe: "/healthz" })] }), awake),
    "what Kubernetes reports later changes nothing",
  );
  equal(phase({ ...starts, answered: [{ uid: "pod-0" }] })?.kind, "starting", "another pod's answer is not this one's");
});

Deno.test("a probed pod that ends, dies or is deleted does not keep its view awake", () => {
  const answered = [{ uid: "pod-1" }];
  const awake = derive(objects({ ...starts, answered }), undefined);
  const end = (change: Partial<ViewObjects>) => {
    const state = derive(objects({ ...starts, answered, ...change }), awake);
    return [state?.phase.kind, state?.draining.length];
  };
  deepEqual(end({ pods: [pod({ startProbe: "/healthz", phase: "Succeeded" })] }), ["asleep", 0]);
  deepEqual(end({ pods: [pod({ startProbe: "/healthz", deleting: true })] }), ["asleep", 1]);
  deepEqual(end({ pods: [] }), ["asleep", 0]);
  deepEqual(end({ job: job({ deleting: true }) }), ["asleep", 1]);
  deepEqual(end({ job: job({ conditions: [condition("FailureTarget", "DeadlineExceeded")] }) }), ["asleep", 1]);
  deepEqual(end({ job: undefined }), ["asleep", 0]);
});

Deno.test("after Kubernetes has reported a pod, it is not probed again", () => {
  const awake = derive(objects({ ...starts, pods: [ready({ startProbe: "/healthz" })] }), undefined);
  equal(probeIn({}, awake), undefined);
  const next = { job: job({ uid: "job-2" }), pods: [pod({ startProbe: "/healthz", jobUid: "job-2" })] };
  deepEqual(probeIn(next, awake), probe, "the next Job's is");
});

const crashing = (message: string, exitCode = 1) =>
  pod({ phase: "Failed", containers: [container({ terminated: { reason: "Error", message, exitCode } })] });
const failedJob = job({ conditions: [condition("Failed", "BackoffLimitExceeded")] });

Deno.test("a failed view has the log of the container that crashed, whole", () => {
  const state = derive(objects({ job: failedJob, pods: [crashing("line 1\nline 2\n")] }), undefined);
  equal(state?.failedLog, "line 1\nline 2\n");
  const cause = state?.phase.kind === "failed" && state.phase.cause.message;
  equal(cause, "Container view ended with exit code 1: line 2");
});

Deno.test("a view that has failed by something else than its container has no log, nor has one that runs or sleeps", () => {
  const pods = [crashing("secret\n")];
  const log = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) =>
    derive(objects(change), previous)?.failedLog;
  equal(log({ job: failedJob, pods }), "secret\n");
  equal(log({ job: job({ uid: "job-2" }), pods }), undefined);
  equal(log({ job: failedJob, pods, service: { ...service, spec: { invalid: "It is not JSON." } } }), undefined);
  equal(log({ job: job({ conditions: [condition("Complete")] }), pods: [crashing("served\n", 0)] }), undefined);
  const refused = { uid: "service-1", cause: { reason: "NoLake", message: "no" } };
  equal(log({ job: job({ conditions: [condition("Complete")] }), pods: [crashing("served\n")], refused }), undefined);
  equal(log({ job: job({ ownerUid: "service-0", conditions: failedJob.conditions }), pods }), undefined);
});

Deno.test("a start has Kubernetes' times of its pod, but not of a claimed one, nor of a view that sleeps", () => {
  const times = (change: Partial<ViewObjects>) => derive(objects(change), undefined)?.attempt?.times;
  const containers = [
    container({ startedAt: "2026-01-01T00:00:02Z" }),
    container({ startedAt: "2026-01-01T00:00:03Z" }),
  ];
  deepEqual(times({ job: job(), pods: [pod({ phase: "Pending", conditions: [] })] }), { created: at });
  deepEqual(times({ job: job(), pods: [pod({ phase: "Pending", containers })] }), { created: at, scheduled: at });
  deepEqual(times({ job: job(), pods: [ready({ containers })] }), {
    ...{ created: at, scheduled: at, running: "2026-01-01T00:00:03Z", ready: at },
  });
  equal(times({ job: job() }), undefined);
  equal(times({ job: job(), pods: [claimed()] }), undefined);
  equal(times({ job: job({ conditions: [condition("Complete")] }), pods: [ready()] }), undefined);
});
