import { deepEqual } from "node:assert/strict";
import type { ViewState } from "../view/state.ts";
import type { PatchedPod } from "../view/write_outcomes.ts";
import { AssignmentNotes } from "./assignment_notes.ts";

const POD = { name: "hello-x", uid: "pod-1" };
const NOTES = { assigned: "service-1", credentialsEnd: "2026-01-01T00:00:00Z" };
const stateOf = (uid: string) => ({ pod: { uid } }) as ViewState;

/** Notes whose pauses end when the test says so. */
function started(...answers: PatchedPod[]) {
  const said: string[] = [];
  const pauses: (() => void)[] = [];
  const notes = new AssignmentNotes({
    annotate: ({ uid }, { assigned }) => {
      said.push(`${uid}: ${assigned}`);
      return Promise.resolve(answers.shift() ?? { kind: "patched" });
    },
    onFailure: (view, message) => said.push(`${view}: ${message}`),
    onFault: (_view, error) => {
      throw error;
    },
    pause: (_milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        pauses.push(resolve);
      }),
    random: () => 0,
  });
  const settle = async () => {
    for (let i = 0; i < 30; i++) await Promise.resolve();
  };
  return {
    ...{ notes, said, settle },
    next: async () => {
      for (const end of pauses.splice(0)) end();
      await settle();
    },
  };
}

const AWAY: PatchedPod = { kind: "unavailable", message: "Kubernetes is away" };

Deno.test("an assignment is noted once", async () => {
  const { notes, said, settle, next } = started();
  notes.note("hello", POD, NOTES);
  await settle();
  notes.update("hello", stateOf("pod-1"));
  await next();
  deepEqual(said, ["pod-1: service-1"]);
});

Deno.test("a note that Kubernetes does not take is written again, until the pod is gone", async () => {
  const { notes, said, settle, next } = started(AWAY, {
    kind: "refused",
    cause: { reason: "Forbidden", message: "no" },
  }, {
    kind: "lost",
  });
  notes.note("hello", POD, NOTES);
  await settle();
  for (let i = 0; i < 4; i++) await next();
  deepEqual(said, [
    "pod-1: service-1",
    "hello: Kubernetes is away",
    "pod-1: service-1",
    "hello: no",
    "pod-1: service-1",
  ]);
});

Deno.test("a view that sleeps, is gone or has another pod needs the note no more", async () => {
  for (const state of [undefined, stateOf("pod-2"), {} as ViewState]) {
    const { notes, said, settle, next } = started(AWAY);
    notes.note("hello", POD, NOTES);
    await settle();
    notes.update("hello", state);
    await next();
    deepEqual(said.length, 2);
  }
});

Deno.test("a view's next pod gets its note in place of the former one's", async () => {
  const { notes, said, settle, next } = started(AWAY, AWAY);
  notes.note("hello", POD, NOTES);
  await settle();
  notes.note("hello", { name: "hello-y", uid: "pod-2" }, NOTES);
  await settle();
  said.splice(0);
  await next();
  deepEqual(said, ["pod-2: service-1"]);
});

Deno.test("the end of a former note ends no other, which a view that is gone still ends", async () => {
  const { notes, said, settle, next } = started(AWAY, AWAY);
  notes.note("hello", POD, NOTES);
  await settle();
  notes.note("hello", { name: "hello-y", uid: "pod-2" }, NOTES);
  await settle();
  notes.update("hello", undefined);
  said.splice(0);
  await next();
  deepEqual(said, []);
});

Deno.test("a stop ends what waits for its next try", async () => {
  const { notes, said, settle } = started(AWAY);
  notes.note("hello", POD, NOTES);
  await settle();
  await notes.stop();
  deepEqual(said.length, 2);
});
