import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { derive } from "./derive.ts";
import { isEnding } from "./job_pod.ts";
import type { PodObject, ViewObjects } from "./objects.ts";
import { at, claimed, condition, container, gated, job, objects, pod, ready } from "./testing/objects.ts";

/** The view of a Job that is to claim a pod, and which way its start went. */
const stateOf = (change: Partial<ViewObjects>, previous?: ReturnType<typeof derive>) =>
  derive(objects({ job: job({ gated: true }), ...change }), previous)!;
const kindOf = (change: Partial<ViewObjects>) => stateOf(change).phase.kind;
const startOf = (change: Partial<ViewObjects>) => {
  const { phase, start } = stateOf(change);
  return phase.kind === "starting" ? [phase.step, start] : phase.kind;
};
const lease = { startedAt: Date.parse(at), activeDeadlineSeconds: 900 };
const answered = [{ uid: "pod-1" }];
const asleep = { kind: "asleep", ended: "job-1" };

Deno.test("a Job with nothing but a gated pod starts, and tells of its placeholder", () => {
  const placeholder = { pod: "pod-0", podName: "hello-gated" };
  const start = { kind: "starting", job: "job-1", step: "no pod", lease };
  const state = stateOf({ pods: [gated()] });
  deepEqual(state.phase, { ...start, placeholder });
  deepEqual([state.pod, state.start], [undefined, undefined], "it may still start either way");
  deepEqual(stateOf({}).phase, start, "before its pod is there");
  deepEqual(stateOf({ pods: [gated({ deleting: true })] }).phase, start, "the Job controller makes another one");
  deepEqual(stateOf({ pods: [gated(), gated({ uid: "pod-9", jobUid: "job-0" })] }).phase, { ...start, placeholder });
});

Deno.test("a placeholder that is released is a cold start", () => {
  const released = pod({ phase: "Pending", conditions: [] });
  deepEqual(startOf({ pods: [released] }), ["scheduling", "cold"]);
  deepEqual(stateOf({ pods: [ready()] }).phase.kind, "awake");
  equal(stateOf({ pods: [ready()] }).start, "cold");
  deepEqual(derive(objects({ job: job() }), undefined)?.start, "cold", "as is that of a Job without a gate");
});

Deno.test("a Job that tries again after a failed pod has another placeholder, whoever looks", () => {
  const placeholder = { pod: "pod-0", podName: "hello-gated" };
  const start = { kind: "starting", job: "job-1", step: "no pod", lease, placeholder };
  const retries = job({ gated: true, backoffLimit: 3 });
  const crashed = container({ terminated: { reason: "Error", message: "no", exitCode: 1 } });
  const cold = pod({ phase: "Failed", containers: [crashed] });
  deepEqual(stateOf({ job: retries, pods: [cold, gated()] }).phase, start, "its own pod failed");
  const assigned = claimed({ assigned: "service-1", phase: "Failed", containers: [crashed] });
  deepEqual(stateOf({ job: retries, pods: [assigned, gated()] }).phase, start, "this gateway never saw it serve");
  const deleted = claimed({ assigned: "service-1", deleting: true });
  deepEqual(stateOf({ job: retries, pods: [deleted, gated()] }).phase, start, "somebody deleted it");
  const served = stateOf({ job: retries, pods: [claimed({ assigned: "service-1" })] });
  deepEqual(stateOf({ job: retries, pods: [assigned, gated()] }, served).phase, asleep, "a new Job is faster");
});

Deno.test("a claimed pod waits for its assignment, ready as it is", () => {
  const state = stateOf({ pods: [claimed(), gated()] });
  const assignment = {
    pod: "pod-1",
    podName: "hello-x",
    pool: "2026-01-01-warm-default-0123456789-000",
    path: "/_gate/assign",
    address: "10.0.0.1",
    port: 8080,
  };
  deepEqual(state.phase, { kind: "starting", job: "job-1", step: "assigning", assignment, lease });
  deepEqual([state.pod, state.start], [
    { name: "hello-x", uid: "pod-1", createdAt: at, claimed: true, assignment },
    "warm",
  ]);
  equal(state.served, undefined);
  deepEqual(state.draining, []);
});

Deno.test("a claimed pod without an address has no assignment yet", () => {
  const { address: _, ...unaddressed } = claimed();
  const { phase } = stateOf({ pods: [unaddressed] });
  deepEqual(phase, { kind: "starting", job: "job-1", step: "assigning", lease });
});

Deno.test("a view is awake once its claimed pod has answered this gateway, or another one has noted its assignment", () => {
  const mine = stateOf({ pods: [claimed(), gated()], answered });
  const serving = [{ address: "10.0.0.1", port: 8080 }];
  deepEqual(mine.phase, { kind: "awake", job: "job-1", serving, lease });
  deepEqual([mine.start, mine.served], ["warm", "job-1"]);
  deepEqual(stateOf({ pods: [claimed({ assigned: "service-1" }), gated()] }), mine);
  equal(kindOf({ pods: [claimed({ assigned: "service-0" })] }), "starting", "that is another view of this name");
  equal(kindOf({ pods: [claimed()], answered: [{ uid: "pod-2" }] }), "starting", "that is another pod's answer");
});

Deno.test("Kubernetes' word counts for an assigned pod too", () => {
  const unready = { ...claimed({ startProbe: "/healthz" }), conditions: pod().conditions };
  deepEqual(startOf({ pods: [unready], answered }), ["waiting for readiness", "warm"]);
  equal("probe" in stateOf({ pods: [unready], answered }).phase, false);
  const state = stateOf({ pods: [claimed({ deleting: true })], answered });
  deepEqual([state.phase.kind, state.draining.length], ["starting", 1]);
  const ends = job({ gated: true, conditions: [condition("FailureTarget", "DeadlineExceeded")] });
  deepEqual(stateOf({ job: ends, pods: [claimed()], answered }).draining.length, 1);
  deepEqual(stateOf({ job: ends, pods: [claimed()] }).draining, [], "nobody has a request at a pod without a view");
});

Deno.test("a claimed pod that cannot be assigned makes its view fall asleep, so that a request starts another one", () => {
  const cause = { reason: "AssignmentFailed", message: "500" };
  deepEqual(stateOf({ pods: [claimed(), gated()], unassignable: [{ uid: "pod-1", cause }] }).phase, asleep);
  deepEqual(stateOf({ pods: [claimed({ deleting: true })] }).phase, asleep);
  deepEqual(stateOf({ pods: [claimed({ phase: "Failed" }), gated()] }).phase, asleep);
  const { assignPath: _, ...nowhere } = claimed();
  deepEqual(stateOf({ pods: [nowhere] }).phase, asleep);
  equal(kindOf({ pods: [claimed()], unassignable: [{ uid: "pod-2", cause }] }), "starting", "that is another pod");
});

Deno.test("another replica's assignment counts more than a failed one of this replica", () => {
  const unassignable = [{ uid: "pod-1", cause: { reason: "AssignmentFailed", message: "409" } }];
  equal(kindOf({ pods: [claimed({ assigned: "service-1" })], unassignable }), "awake");
});

Deno.test("of several pods a claimed or ready one is the view's, else the last that is not gated", () => {
  const podIn = (...pods: ViewObjects["pods"]) => stateOf({ pods }).pod?.uid;
  const cold = pod({ uid: "pod-2", phase: "Pending" });
  equal(podIn(claimed(), cold), "pod-1");
  equal(podIn(cold, claimed()), "pod-1");
  equal(podIn({ ...claimed(), conditions: [] }, cold), "pod-1", "a claimed one may be unready for a moment");
  equal(podIn(claimed(), ready({ uid: "pod-2" })), "pod-2");
  equal(podIn(pod(), cold, gated()), "pod-2");
  deepEqual(startOf({ pods: [claimed({ deleting: true }), cold] }), ["creating container", "cold"]);
  deepEqual(stateOf({ pods: [claimed(), ready({ uid: "pod-2" })] }).phase.kind, "awake", "the cold one serves already");
});

Deno.test("a refused placeholder is no failure while its pod may still be claimed", () => {
  const failedCreate = (at: string) => [{ name: "a", uid: "event-1", jobUid: "job-1", message: "exceeded quota", at }];
  const first = failedCreate("2026-01-01T00:00:01Z");
  equal(kindOf({ failedCreates: first }), "starting");
  const later = failedCreate("2026-01-01T00:00:02Z");
  equal(kindOf({ failedCreates: later }), "failed");
  equal(kindOf({ failedCreates: later, pods: [claimed()] }), "starting");
  equal(kindOf({ failedCreates: later, pods: [gated()] }), "starting", "it was created after all");
  equal(kindOf({ failedCreates: first, job: job() }), "failed", "a Job without a gate claims nothing");
});

Deno.test("a claimed pod whose Service does not reach it has failed with the cause", () => {
  const { phase } = stateOf({ pods: [claimed({ shape: { labels: {}, ports: [] } })] });
  equal(phase.kind === "failed" && phase.cause.reason, "Unreachable");
});

Deno.test("a served view whose claimed pod is gone is asleep, though its Job has a new placeholder", () => {
  const awake = stateOf({ pods: [claimed()], answered });
  const crashed = claimed({ phase: "Failed", containers: [container()] });
  deepEqual(stateOf({ pods: [crashed, gated()], answered }, awake).phase, asleep);
  deepEqual(stateOf({ pods: [gated()] }, awake).phase, asleep);
});

Deno.test("the state of a running view tells until when its pod has credentials", () => {
  equal(stateOf({ pods: [ready({ credentialsEnd: at })] }).pod?.credentialsEnd, at);
  equal(stateOf({ pods: [claimed({ credentialsEnd: at })], answered }).pod?.credentialsEnd, at);
  const ended = job({ conditions: [condition("Failed", "DeadlineExceeded")] });
  const state = stateOf({ job: ended, pods: [ready({ credentialsEnd: at })] });
  deepEqual([state.pod, state.start], [undefined, undefined]);
});

/** Any pods of this view's Job and of a former one, each with an address of its own. */
const anyPods = fc.array(
  fc.record({
    kind: fc.constantFrom(pod, ready, claimed, gated),
    change: fc.record({
      jobUid: fc.constantFrom("job-1", "job-1", "job-1", "job-0"),
      phase: fc.constantFrom("Running", "Running", "Pending", "Failed", "Succeeded"),
      deleting: fc.boolean(),
      assigned: fc.constantFrom("service-1", "service-0", undefined),
      startProbe: fc.constantFrom("/healthz", undefined),
      assignPath: fc.constantFrom("/_gate/assign", "/_gate/assign", undefined),
    }, { requiredKeys: ["jobUid"] }),
    answers: fc.boolean(),
    refuses: fc.boolean(),
  }),
  { maxLength: 4 },
).map((all) =>
  all.map(({ kind, change, ...rest }, i) => {
    const made = kind(change as Partial<PodObject>);
    const address = made.gated ? {} : { address: `10.0.0.${i}` };
    return { pod: { ...made, ...address, name: `pod-${i}`, uid: `pod-${i}` }, ...rest };
  })
);

Deno.test("whatever pods a view has, requests reach none that is gated, over, unassigned or another Job's", () => {
  const cause = { reason: "AssignmentFailed", message: "500" };
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyPods, fc.boolean(), (all, forClaim) => {
      const state = stateOf({
        ...forClaim ? {} : { job: job() },
        pods: all.map(({ pod }) => pod),
        answered: all.filter(({ answers }) => answers).map(({ pod }) => pod),
        unassignable: all.filter(({ refuses }) => refuses).map(({ pod }) => ({ uid: pod.uid, cause })),
      });
      const { phase, draining } = state;
      seen.add(phase.kind === "starting" ? phase.step : phase.kind);
      const serving = phase.kind === "awake" ? phase.serving : [];
      for (const { address } of [...serving, ...draining]) {
        const { pod, answers } = all.find(({ pod }) => pod.address === address)!;
        const known = pod.claimedFrom === undefined || pod.assigned === "service-1" || answers;
        ok(known && !pod.gated && pod.jobUid === "job-1" && !/Failed|Succeeded/.test(pod.phase));
        equal(pod.deleting, !serving.some((one) => one.address === address));
      }
      if (phase.kind !== "starting") return;
      const { probe, assignment, placeholder } = phase;
      ok([probe, assignment, placeholder].filter((one) => one !== undefined).length <= 1, "one thing is to be done");
      const [target] = all.filter(({ pod }) => pod.uid === (assignment?.pod ?? probe?.pod ?? placeholder?.pod));
      if (assignment) ok(target?.pod.claimedFrom && !target.refuses && !target.answers && !target.pod.deleting);
      if (probe) ok(!target?.pod.claimedFrom && !target?.pod.gated && !target?.pod.deleting);
      if (placeholder) ok(all.every(({ pod }) => pod.gated || pod.jobUid !== "job-1" || isEnding(pod)));
    }),
    { numRuns: 2_000 },
  );
  for (const step of ["awake", "asleep", "no pod", "assigning", "waiting for readiness"]) {
    ok(seen.has(step), `${step} was tried`);
  }
});

Deno.test("a Job that the Job controller leaves without a pod is podless, unless a pod or a cause shows up", () => {
  const podless = { job: job({ podless: true }) };
  const isPodless = (change: Partial<ViewObjects>) => {
    const { phase } = stateOf({ ...podless, ...change });
    return phase.kind === "starting" ? phase.podless : phase.kind;
  };
  equal(isPodless({}), true);
  equal(isPodless({ pods: [pod({ jobUid: "job-0" })] }), true, "a former Job's pod");
  equal(isPodless({ pods: [gated()] }), undefined);
  const event = { name: "e", uid: "event-1", message: "exceeded quota", at };
  equal(isPodless({ failedCreates: [{ ...event, jobUid: "job-1" }] }), "failed");
  equal(isPodless({ failedCreates: [{ ...event, jobUid: "job-0" }] }), true, "a former Job's Event");
  const again = "Operation cannot be fulfilled on resourcequotas";
  equal(isPodless({ failedCreates: [{ ...event, jobUid: "job-1", message: again }] }), undefined);
});

Deno.test("a view remembers that its last Job got no pod, until it has another one", () => {
  const podless = stateOf({ job: job({ podless: true }) });
  const deleting = stateOf({ job: job({ podless: true, deleting: true }) }, podless);
  deepEqual(deleting.phase, { kind: "asleep", ended: "job-1", podless: true });
  const gone = derive(objects({}), deleting)!;
  deepEqual(gone.phase, { kind: "asleep", ended: undefined, podless: true });
  const next = derive(objects({ job: job({ uid: "job-2" }) }), gone)!;
  deepEqual(next.phase.kind === "starting" && [next.phase.job, next.phase.podless], ["job-2", undefined]);
  deepEqual(derive(objects({}), next)?.phase, { kind: "asleep", ended: undefined });
});
