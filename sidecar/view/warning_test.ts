import { deepEqual, equal, match } from "node:assert/strict";
import { beingDeletedCause } from "./deletion.ts";
import { warningOf } from "./warning.ts";
import { viewState } from "./testing/view_state.ts";

const held = (...finalizers: string[]) =>
  viewState({ kind: "failed", job: "job-1", cause: beingDeletedCause("Job", "hello", finalizers) });

Deno.test("a Job that a finalizer blocks gets a warning, once for each set of finalizers", () => {
  deepEqual(warningOf(held("a/b"), viewState()), {
    ...beingDeletedCause("Job", "hello", ["a/b"]),
    once: `job-1 ${beingDeletedCause("Job", "hello", ["a/b"]).message}`,
  });
  equal(warningOf(held("a/b"), undefined)?.reason, "JobBeingDeleted");
  equal(warningOf({ ...held("a/b"), draining: [{ address: "10.0.0.1", port: 80 }] }, held("a/b")), undefined);
  equal(warningOf(held("a/b", "c/d"), held("a/b"))?.reason, "JobBeingDeleted");
});

Deno.test("a view that needs a change of its Service or template gets a warning, once for each cause", () => {
  const broken = (message: string, job?: string) =>
    viewState({ kind: "failed", job, cause: { reason: "InvalidTemplate", message } });
  const warning = { reason: "InvalidTemplate", message: "no gold", once: "no gold" };
  deepEqual(warningOf(broken("no gold"), viewState()), warning);
  deepEqual(warningOf(broken("no gold"), undefined), warning);
  equal(warningOf(broken("no gold", "job-1"), broken("no gold")), undefined);
  equal(warningOf(broken("no silver"), broken("no gold"))?.message, "no silver");
  equal(warningOf(viewState(), broken("no gold")), undefined);
});

Deno.test("a changed annotation gets a warning while the pod runs; a changed template gets none", () => {
  const awake = (bucket: string, ...restartNeeded: ("subsets" | "template")[]) =>
    viewState({ kind: "awake", job: "job-1", serving: [] }, {
      spec: { subsets: [{ bucket }] },
      ...restartNeeded.length > 0 && { restartNeeded },
    });
  const warning = warningOf(awake("b", "subsets"), awake("a"));
  equal(warning?.reason, "RestartNeeded");
  match(
    warning.message,
    /^The subsets of view hello changed while it runs\. .* by POST \/_api\/views\/hello\/restart/,
  );
  match(warningOf(awake("b", "subsets", "template"), awake("a", "template"))!.message, /^The subsets and template of/);
  equal(warningOf(awake("b", "subsets"), awake("b", "subsets")), undefined);
  equal(warningOf(awake("a", "template"), awake("a")), undefined);
  equal(warningOf(awake("b"), awake("a")), undefined);
});

Deno.test("a view that says public where the gateway allows none gets a warning, once", () => {
  const spec = { subsets: [], public: true };
  const [closed, open] = [viewState(undefined, { spec }), viewState(undefined, { spec, public: true })];
  const warning = warningOf(closed, undefined);
  equal(warning?.reason, "NotPublic");
  match(warning.message, /^View hello is not open to everybody, .* PUBLIC_VIEWS/);
  equal(warningOf({ ...closed, resourceVersion: "2" }, closed), undefined);
  equal(warningOf(open, viewState()), undefined);
  equal(warningOf(viewState(), closed), undefined);
});

Deno.test("other failures and healthy states get no warning", () => {
  const failed = viewState({ kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no" } });
  for (const state of [failed, viewState(), undefined]) equal(warningOf(state, held("a/b")), undefined);
});
