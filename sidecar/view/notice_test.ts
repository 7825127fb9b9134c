import { deepEqual, equal, match } from "node:assert/strict";
import { beingDeleted } from "./deletion.ts";
import { noticeOf } from "./notice.ts";
import { viewState } from "./testing/view_state.ts";

const held = (...finalizers: string[]) =>
  viewState({ kind: "failed", job: "job-1", cause: beingDeleted("Job", "hello", finalizers) });

Deno.test("a Job that a finalizer keeps is worth a notice, once for each that there is to take away", () => {
  deepEqual(noticeOf(held("a/b"), viewState()), {
    ...beingDeleted("Job", "hello", ["a/b"]),
    once: `job-1 ${beingDeleted("Job", "hello", ["a/b"]).message}`,
  });
  equal(noticeOf(held("a/b"), undefined)?.reason, "JobBeingDeleted");
  equal(noticeOf({ ...held("a/b"), draining: [{ address: "10.0.0.1", port: 80 }] }, held("a/b")), undefined);
  equal(noticeOf(held("a/b", "c/d"), held("a/b"))?.reason, "JobBeingDeleted");
});

Deno.test("a view that only a change of its Service or template mends is worth a notice, once for each cause", () => {
  const broken = (message: string, job?: string) =>
    viewState({ kind: "failed", job, cause: { reason: "InvalidTemplate", message } });
  const notice = { reason: "InvalidTemplate", message: "no gold", once: "no gold" };
  deepEqual(noticeOf(broken("no gold"), viewState()), notice);
  deepEqual(noticeOf(broken("no gold"), undefined), notice);
  equal(noticeOf(broken("no gold", "job-1"), broken("no gold")), undefined);
  equal(noticeOf(broken("no silver"), broken("no gold"))?.message, "no silver");
  equal(noticeOf(viewState(), broken("no gold")), undefined);
});

Deno.test("a changed spec that a running pod does not have is worth a notice, once for each change", () => {
  const awake = (...restartNeeded: ("subsets" | "template")[]) =>
    viewState({ kind: "awake", job: "job-1", serving: [] }, { restartNeeded });
  const notice = noticeOf(awake("subsets"), viewState({ kind: "awake", job: "job-1", serving: [] }));
  equal(notice?.reason, "RestartNeeded");
  match(notice.message, /^The subsets of view hello changed .* until POST \/_api\/views\/hello\/restart/);
  equal(noticeOf(awake("subsets"), awake("subsets")), undefined);
  match(noticeOf(awake("subsets", "template"), awake("subsets"))!.message, /The subsets and template of/);
});

Deno.test("what a launch brings up, and what is as it should be, is worth none", () => {
  const failed = viewState({ kind: "failed", job: "job-1", cause: { reason: "ErrImagePull", message: "no" } });
  for (const state of [failed, viewState(), undefined]) equal(noticeOf(state, held("a/b")), undefined);
});
