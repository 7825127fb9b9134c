import { deepEqual, equal, match } from "node:assert/strict";
import type { Assignment, Cause, ViewPhase, ViewState } from "../view/state.ts";
import type { AssignmentAnswer } from "./assignment_posts.ts";
import { Assignments, type AssignmentsOptions, type FilesResult } from "./assignments.ts";

const assignmentOf = (pod = "pod-1"): Assignment => ({
  ...{ pod, podName: `hello-${pod}`, pool: "warm", path: "/_gate/assign" },
  ...{ address: "10.0.0.1", port: 8080 },
});
const starting = (assignment?: Assignment): ViewPhase => ({
  ...{ kind: "starting", job: "job-1", step: "assigning" },
  ...assignment && { assignment },
});
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const asleep: ViewPhase = { kind: "asleep", ended: "job-1" };

/** A pod that does not answer. */
const silence = (signal: AbortSignal) =>
  new Promise<AssignmentAnswer>((resolve) =>
    signal.addEventListener("abort", () => resolve({ kind: "silent", detail: "has not answered" }))
  );

/** Assignments of views that a test puts there; time goes on by the pauses alone. */
function start(change: Partial<AssignmentsOptions> = {}) {
  const states = new Map<string, ViewState>();
  const waiting = new Set<string>();
  const posted: string[] = [];
  const told: string[] = [];
  const causes: Cause[] = [];
  const pauses: { readonly until: number; readonly end: () => void }[] = [];
  const answers: AssignmentAnswer[] = [];
  let time = 0;
  const assignments = new Assignments({
    view: (name) => states.get(name),
    isAwaited: (name) => waiting.has(name),
    files: ({ name }) => Promise.resolve({ kind: "ready", files: { "/lake/config": name }, endAt: 60_000 }),
    post: ({ pod }, body) => {
      posted.push(`${pod}: ${body}`);
      return Promise.resolve(answers.shift() ?? { kind: "serving" });
    },
    onAssigned: ({ name }, { pod }, endAt) => {
      told.push(`${name} has ${pod} until ${endAt}`);
      put(name, awake);
    },
    onFailed: ({ name }, { pod }, cause) => {
      told.push(`${name} has not ${pod}: ${cause.reason}`);
      causes.push(cause);
      put(name, asleep);
    },
    onOutcome: (_view, outcome) => void told.push(outcome),
    onFault: (_view, error) => {
      throw error;
    },
    pause: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        pauses.push({ until: time + milliseconds, end: resolve });
      }),
    clock: () => time,
    random: () => 0.5,
    ...change,
  });
  const put = (name: string, phase: ViewPhase | undefined, uid = `service-${name}`) => {
    if (phase === undefined) states.delete(name);
    else states.set(name, { name, uid, spec: { subsets: [] }, phase } as unknown as ViewState);
    assignments.update(name);
  };
  const settle = async () => {
    for (let i = 0; i < 60; i++) await Promise.resolve();
  };
  return {
    ...{ assignments, posted, told, causes, answers, put, settle },
    wait: async (name: string) => {
      waiting.add(name);
      assignments.update(name);
      await settle();
    },
    /** Lets time go on until then. */
    at: async (until: number) => {
      await settle();
      while (true) {
        const next = pauses.filter((pause) => pause.until <= until).toSorted((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        pauses.splice(pauses.indexOf(next), 1);
        time = Math.max(time, next.until);
        next.end();
        await settle();
      }
      time = until;
    },
  };
}

Deno.test("a pod is told its view at once where somebody waits for it", async () => {
  const { put, wait, posted, told, assignments } = start();
  put("hello", starting());
  await wait("hello");
  deepEqual(posted, []);
  put("hello", starting(assignmentOf()));
  await wait("hello");
  deepEqual(posted, [
    `pod-1: {"name":"hello","uid":"service-hello","subsets":[],"files":{"/lake/config":"hello"}}`,
  ]);
  deepEqual(told, ["hello has pod-1 until 60000", "assigned"]);
  equal(assignments.size, 0);
});

Deno.test("where nobody waits, it is told after one to two seconds, or when somebody begins to wait", async () => {
  const { put, wait, posted, at, settle } = start();
  put("hello", starting(assignmentOf()));
  put("other", starting(assignmentOf("pod-2")));
  await at(1_400);
  equal(posted.length, 0);
  await wait("other");
  equal(posted.length, 1);
  await at(1_600);
  await settle();
  equal(posted.length, 2);
});

Deno.test("a pod that another gateway has told first gets no POST, and one under way ends", async () => {
  const signals: AbortSignal[] = [];
  const { put, wait, posted, told, at } = start({
    post: (_assignment, _body, signal) => {
      signals.push(signal);
      return silence(signal);
    },
  });
  put("hello", starting(assignmentOf()));
  put("hello", awake);
  await wait("other");
  put("other", starting(assignmentOf("pod-2")));
  await at(10);
  put("other", awake);
  await at(5_000);
  deepEqual([posted, told], [[], ["overtaken", "overtaken"]]);
  deepEqual(signals.map(({ aborted }) => aborted), [true]);
});

Deno.test("a pod that does not answer yet is asked again, for three seconds", async () => {
  const silent: AssignmentAnswer = { kind: "silent", detail: "has not answered: 503" };
  const { put, wait, posted, told, causes, answers, at } = start();
  answers.push(silent, silent);
  await wait("hello");
  put("hello", starting(assignmentOf()));
  await at(1_000);
  deepEqual([posted.length, told], [3, ["hello has pod-1 until 60000", "assigned"]]);

  answers.push(...Array(100).fill(silent));
  await wait("other");
  put("other", starting(assignmentOf("pod-2")));
  await at(3_900);
  equal(told.length, 2);
  await at(4_100);
  deepEqual(told.slice(2), ["other has not pod-2: AssignmentFailed", "failed"]);
  match(
    causes[0]!.message,
    /^The assignment of pool pod hello-pod-2 by POST .* starts cold: the pod has not answered: 503\. .*mend the image/,
  );
  const before = posted.length;
  await at(10_000);
  equal(posted.length, before);
});

Deno.test("a pod that refuses is asked once, and the view gets another", async () => {
  const { put, wait, posted, told, causes, answers, at } = start();
  answers.push({ kind: "refused", detail: "answered 409, so it is another view already" });
  await wait("hello");
  put("hello", starting(assignmentOf()));
  await at(5_000);
  deepEqual([posted.length, told], [1, ["hello has not pod-1: AssignmentFailed", "failed"]]);
  match(causes[0]!.message, /starts cold: the pod answered 409, so it is another view already\./);
});

Deno.test("a view without credentials for its pod fails by that cause, without a POST", async () => {
  const cause = { reason: "StsUnreachable", message: "STS has not answered in time." };
  const { put, wait, posted, told } = start({ files: () => Promise.resolve({ kind: "failed", cause }) });
  put("hello", starting(assignmentOf()));
  await wait("hello");
  deepEqual([posted, told], [[], ["hello has not pod-1: StsUnreachable", "no credentials"]]);
});

Deno.test("a gateway that has no credentials for now waits for another gateway's assignment, for three seconds", async () => {
  const cause = { reason: "Unavailable", message: "Kubernetes is away." };
  let files: FilesResult = { kind: "unavailable", cause };
  const { put, wait, posted, told, at } = start({ files: () => Promise.resolve(files) });
  for (const name of ["overtaken", "late"]) {
    put(name, starting(assignmentOf(name)));
    await wait(name);
  }
  await at(1_000);
  put("overtaken", awake);
  await at(2_900);
  deepEqual([posted, told], [[], ["overtaken"]]);
  await at(4_000);
  deepEqual(told, ["overtaken", "late has not late: Unavailable", "no credentials"]);
  await wait("lucky");
  put("lucky", starting(assignmentOf("pod-1")));
  await at(5_000);
  files = { kind: "ready", files: {} };
  await at(6_000);
  deepEqual(told.slice(3), ["lucky has pod-1 until undefined", "assigned"]);
});

Deno.test("a pod that could not be asked has another cause than one that did not answer", async () => {
  const { put, wait, causes, answers, at } = start();
  answers.push(...Array(100).fill({ kind: "not sent", detail: "could not be asked" }));
  await wait("hello");
  put("hello", starting(assignmentOf()));
  await at(5_000);
  deepEqual(causes.map(({ reason }) => reason), ["Unavailable"]);
});

Deno.test("a pod that ends before it has answered has failed; one whose view is deleted has not", async () => {
  const { put, told, at } = start({ post: (_assignment, _body, signal) => silence(signal) });
  for (const [name, after] of [["ended", asleep], ["deleted", undefined]] as const) {
    put(name, starting(assignmentOf(name)));
    await at(2_000);
    put(name, after);
  }
  put("replaced", starting(assignmentOf("former")));
  put("replaced", asleep, "service-2");
  deepEqual(told, ["ended has not ended: AssignmentFailed", "failed", "overtaken", "overtaken"]);
});

Deno.test("the next pod of a view is told in place of the former one", async () => {
  const { put, wait, posted, at } = start({});
  put("hello", starting(assignmentOf("pod-1")));
  put("hello", starting(assignmentOf("pod-2")));
  await wait("hello");
  await at(5_000);
  deepEqual(posted.map((line) => line.slice(0, 5)), ["pod-2"]);
});

Deno.test("the number of assignments at once has a limit; the others wait for their turn", async () => {
  const pending: (() => void)[] = [];
  const { put, wait, told, settle } = start({
    limit: 2,
    post: () => new Promise((resolve) => pending.push(() => resolve({ kind: "serving" }))),
  });
  for (const name of ["a", "b", "c"]) {
    put(name, starting(assignmentOf(name)));
    await wait(name);
  }
  equal(pending.length, 2);
  pending[0]!();
  await settle();
  equal(pending.length, 3);
  pending[1]!();
  pending[2]!();
  await settle();
  equal(told.filter((line) => line === "assigned").length, 3);
});

Deno.test("after a stop no pod is told anything", async () => {
  const { put, wait, posted, told, assignments, at } = start();
  put("hello", starting(assignmentOf()));
  await assignments.stop();
  put("other", starting(assignmentOf("pod-2")));
  await wait("other");
  await at(5_000);
  deepEqual([posted, told, assignments.size], [[], [], 0]);
});
