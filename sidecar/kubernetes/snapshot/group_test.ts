import { deepEqual, equal } from "node:assert/strict";
import type { JobObject, PodObject, ServiceObject, SliceObject, ViewObjects } from "../../view/objects.ts";
import { isEmpty, noObjects, regroup, regroupAnswered, regroupRefused } from "./group.ts";

const service = (uid: string) => ({ name: "hello", uid }) as ServiceObject;
const job = (uid: string) => ({ name: "hello", uid }) as JobObject;
const pod = (name: string, createdAt: string) => ({ name, uid: name, createdAt }) as PodObject;
const slice = (name: string, ports: SliceObject["ports"] = []) => ({ name, uid: name, ports }) as SliceObject;
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
  const ports = [{ name: "http", port: 8080 }];
  let objects = regroup.endpointslices(noObjects("hello"), undefined, slice("a"));
  objects = regroup.endpointslices(objects, undefined, slice("b"));
  objects = regroup.endpointslices(objects, slice("a"), slice("a", ports));
  deepEqual(objects.slices.map(({ name, ports }) => [name, ports]), [["a", ports], ["b", []]]);
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

const says = (podUid: string, serving: boolean): SliceObject => ({
  name: "a",
  uid: "a",
  ports: [{ name: "http", port: 8080 }],
  endpoints: [{ address: "10.0.0.1", serving, terminating: false, podUid }],
});
const answer = (objects: ViewObjects, uid = "p") => regroupAnswered(objects, undefined, { uid });

Deno.test("a pod's answer to a probe counts until Kubernetes reports that the pod serves, and not again", () => {
  const started = regroup.endpointslices(regroup.pods(one, undefined, pod("p", "1")), undefined, says("p", false));
  const answered = answer(answer(started));
  deepEqual(answered.answered, [{ uid: "p" }]);
  deepEqual(regroup.endpointslices(answered, says("p", false), says("p", false)).answered, [{ uid: "p" }]);
  const spoken = regroup.endpointslices(answered, says("p", false), says("p", true));
  deepEqual(spoken.answered, []);
  deepEqual(answer(spoken).answered, [], "an answer that comes late is no news");
  deepEqual(regroup.endpointslices(spoken, says("p", true), says("p", false)).answered, []);
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
