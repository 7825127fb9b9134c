import { deepEqual, equal } from "node:assert/strict";
import type { JobObject, PodObject, ServiceObject, ViewObjects } from "../../view/objects.ts";
import { isEmpty, noObjects, regroup, regroupAnswered, regroupRefused, regroupUnassignable } from "./group.ts";

const service = (uid: string) => ({ name: "hello", uid }) as ServiceObject;
const job = (uid: string) => ({ name: "hello", uid }) as JobObject;
const pod = (name: string, createdAt: string, change: Partial<PodObject> = {}) =>
  ({ name, uid: name, createdAt, conditions: [], ...change }) as Partial<PodObject> as PodObject;
const names = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name);

const one: ViewObjects = { ...noObjects("hello"), service: service("service-1"), job: job("job-1") };

Deno.test("a name without objects is empty, before its first object and after its last", () => {
  const came = regroup.pods(noObjects("hello"), undefined, pod("a", "1"));
  equal(isEmpty(noObjects("hello")), true);
  equal(isEmpty(came), false);
  equal(isEmpty(regroup.pods(came, pod("a", "1"), undefined)), true);
});

Deno.test("pods are sorted by age, in whatever order they arrive", () => {
  let objects = noObjects("hello");
  for (const one of [pod("b", "2"), pod("z", "1"), pod("a", "2")]) objects = regroup.pods(objects, undefined, one);
  deepEqual(names(objects.pods), ["z", "a", "b"]);
});

Deno.test("a changed object replaces its former version", () => {
  let objects = regroup.pods(noObjects("hello"), undefined, pod("a", "1"));
  objects = regroup.pods(objects, undefined, pod("b", "2"));
  objects = regroup.pods(objects, pod("a", "1"), pod("a", "1", { address: "10.0.0.1" }));
  deepEqual(objects.pods.map(({ name, address }) => [name, address]), [["a", "10.0.0.1"], ["b", undefined]]);
});

Deno.test("a Job stays when the deletion of its predecessor arrives later", () => {
  const replaced = regroup.jobs(one, undefined, job("job-2"));
  equal(regroup.jobs(replaced, job("job-1"), undefined).job?.uid, "job-2");
  equal(regroup.jobs(replaced, job("job-2"), undefined).job, undefined);
});

Deno.test("unchanged objects are shared, and the former value stays as it was", () => {
  const after = regroup.services(one, service("service-1"), service("service-2"));
  equal(after.job, one.job);
  equal(after.pods, one.pods);
  equal(one.service?.uid, "service-1");
});

Deno.test("the latest FailedCreate Event comes last", () => {
  const event = (name: string, at: string) => ({ name, uid: name, jobUid: "job-1", message: "", at });
  let objects = regroup.events(one, undefined, event("a", "2026-01-01T00:00:02Z"));
  objects = regroup.events(objects, undefined, event("b", "2026-01-01T00:00:01Z"));
  deepEqual(names(objects.failedCreates), ["b", "a"]);
  objects = regroup.events(objects, event("b", "2026-01-01T00:00:01Z"), event("b", "2026-01-01T00:00:03Z"));
  deepEqual(names(objects.failedCreates), ["a", "b"]);
});

const says = (status: string, change: Partial<PodObject> = {}) =>
  pod("p", "1", { conditions: [{ type: "Ready", status, reason: "", message: "", at: "" }], ...change });
const answer = (objects: ViewObjects, uid = "p") => regroupAnswered(objects, undefined, { uid });

Deno.test("a pod's answer to a probe counts until Kubernetes reports that the pod is ready, and not again", () => {
  const started = regroup.pods(one, undefined, says("False"));
  const answered = answer(answer(started));
  deepEqual(answered.answered, [{ uid: "p" }]);
  deepEqual(regroup.pods(answered, says("False"), says("False")).answered, [{ uid: "p" }]);
  const spoken = regroup.pods(answered, says("False"), says("True"));
  deepEqual(spoken.answered, []);
  deepEqual(answer(spoken).answered, [], "an answer that comes late is no news");
  deepEqual(regroup.pods(spoken, says("True"), says("False")).answered, []);
});

const CLAIMED = { claimedFrom: "2026-01-01-warm-default-0123456789-000" };

Deno.test("a claimed pod that has answered its assignment stays assigned, ready or not", () => {
  const answered = answer(regroup.pods(one, undefined, says("True", CLAIMED)));
  deepEqual(answered.answered, [{ uid: "p" }]);
  const unready = regroup.pods(answered, says("True", CLAIMED), says("False", CLAIMED));
  deepEqual(unready.answered, [{ uid: "p" }]);
  deepEqual(regroup.pods(unready, says("False", CLAIMED), says("True", CLAIMED)).answered, [{ uid: "p" }]);
  deepEqual(regroup.pods(unready, says("False", CLAIMED), undefined).answered, []);
});

Deno.test("a pod that cannot be assigned is known, with its last cause, until it is gone", () => {
  const failed = (objects: ViewObjects, message: string) =>
    regroupUnassignable(objects, undefined, { uid: "p", cause: { reason: "AssignmentFailed", message } });
  equal(failed(one, "409"), one, "it is gone already");
  const known = failed(failed(regroup.pods(one, undefined, says("True", CLAIMED)), "500"), "409");
  deepEqual(known.unassignable.map(({ uid, cause }) => [uid, cause.message]), [["p", "409"]]);
  equal(regroup.pods(known, says("True", CLAIMED), says("False", CLAIMED)).unassignable, known.unassignable);
  deepEqual(regroup.pods(known, says("True", CLAIMED), undefined).unassignable, []);
});

Deno.test("a deleted pod's answer to a probe is neither kept nor accepted", () => {
  const answered = answer(regroup.pods(one, undefined, pod("p", "1")));
  const gone = regroup.pods(answered, pod("p", "1"), undefined);
  deepEqual(gone.answered, []);
  deepEqual(answer(gone).answered, []);
  deepEqual(regroup.pods(answered, pod("p", "1"), pod("p", "1")).answered, [{ uid: "p" }]);
});

Deno.test("a launch without a Job is kept until there is a Job or another Service", () => {
  const cause = { reason: "NoSuchBucket", message: "no" };
  const versioned = (uid: string, resourceVersion: string) => ({ ...service(uid), resourceVersion });
  const asleep = { ...noObjects("hello"), service: versioned("service-1", "1") };
  const refused = regroupRefused(asleep, undefined, { uid: "service-1", cause });
  equal(refused.refused?.cause, cause);
  equal(regroup.pods(refused, undefined, pod("a", "1")).refused?.cause, cause);
  equal(regroup.jobs({ ...refused, job: job("job-1") }, job("job-1"), job("job-1")).refused?.cause, cause);
  equal(regroup.jobs({ ...refused, job: job("job-1") }, job("job-1"), undefined).refused?.cause, cause);
  equal(regroup.jobs(refused, undefined, job("job-2")).refused, undefined);
  equal(regroup.services(refused, asleep.service, versioned("service-1", "2")).refused, undefined);
  equal(regroup.services(refused, asleep.service, undefined).refused, undefined);
  // It comes too late: the view is another one.
  equal(regroupRefused(asleep, undefined, { uid: "service-0", cause }), asleep);
});
