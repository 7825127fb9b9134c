import { deepEqual, equal } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { PatchedPod } from "../view/write_outcomes.ts";
import { Placeholders, type PlaceholdersOptions } from "./placeholders.ts";

const gated = (pod = "pod-1"): ViewPhase => ({
  kind: "starting",
  job: "job-1",
  step: "no pod",
  placeholder: { pod, podName: `name-of-${pod}` },
});
const scheduling: ViewPhase = { kind: "starting", job: "job-1", step: "scheduling" };

/** Placeholders of views that a test puts there; time goes on by the pauses alone. */
function start(change: Partial<PlaceholdersOptions> = {}) {
  const phases = new Map<string, ViewPhase>();
  const waiting = new Set<string>();
  const released: string[] = [];
  const outcomes: PatchedPod["kind"][] = [];
  const faults: unknown[] = [];
  const pauses: number[] = [];
  const wake: (() => void)[] = [];
  let outcome: PatchedPod = { kind: "patched" };
  const placeholders = new Placeholders({
    view: (name) => phases.has(name) ? viewState(phases.get(name)!) : undefined,
    isAwaited: (name) => waiting.has(name),
    pods: {
      release: ({ name, uid }) => {
        released.push(`${name} ${uid}`);
        return Promise.resolve(outcome);
      },
    },
    onRelease: (_view, { kind }) => outcomes.push(kind),
    onFault: (_view, error) => faults.push(error),
    pause: (milliseconds, signal) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      pauses.push(milliseconds);
      return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        wake.push(resolve);
      });
    },
    random: () => 1,
    ...change,
  });
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return {
    ...{ placeholders, released, outcomes, faults, pauses, settle },
    put: (phase: ViewPhase) => {
      phases.set("hello", phase);
      placeholders.update("hello");
    },
    wait: () => {
      waiting.add("hello");
      placeholders.update("hello");
    },
    leave: () => waiting.delete("hello"),
    answer: (value: PatchedPod) => outcome = value,
    /** All pauses that are under way end. */
    next: async () => {
      await settle();
      for (const end of wake.splice(0)) end();
      await settle();
    },
  };
}

Deno.test("a placeholder is released half a second after somebody waits for its view", async () => {
  const { put, wait, next, released, pauses } = start();
  put(gated());
  await next();
  deepEqual([released, pauses], [[], []]);
  wait();
  put(gated());
  deepEqual([released, pauses], [[], [500]], "another change of the view is no reason to wait longer");
  await next();
  deepEqual(released, ["name-of-pod-1 pod-1"]);
});

Deno.test("the gateway that claims a pod in time needs no release", async () => {
  const { put, wait, next, released } = start();
  wait();
  put(gated());
  put({ kind: "starting", job: "job-1", step: "assigning" });
  await next();
  deepEqual(released, []);
});

Deno.test("a release is tried again, ever more rarely, until the snapshot shows its effect", async () => {
  const { put, wait, next, answer, outcomes, pauses } = start();
  wait();
  put(gated());
  answer({ kind: "unavailable", message: "etcd has no leader" });
  await next();
  await next();
  answer({ kind: "patched" });
  await next();
  deepEqual(outcomes, ["unavailable", "unavailable", "patched"]);
  deepEqual(pauses, [500, 500, 1_000, 2_000]);
  await next();
  await next();
  deepEqual(pauses.slice(4), [4_000, 5_000]);
  const told = outcomes.length;
  put(scheduling);
  await next();
  equal(outcomes.length, told);
});

Deno.test("a release whose effect the snapshot shows before its answer comes is told", async () => {
  const answer = Promise.withResolvers<PatchedPod>();
  const { put, wait, next, outcomes, faults } = start({
    pods: {
      release: (_pod, signal) => {
        signal.addEventListener("abort", () => answer.reject(signal.reason));
        return answer.promise;
      },
    },
  });
  wait();
  put(gated());
  await next();
  put(scheduling);
  answer.resolve({ kind: "patched" });
  await next();
  deepEqual([outcomes, faults], [["patched"], []]);
});

Deno.test("a placeholder that nobody waits for any more stays, until somebody comes", async () => {
  const { put, wait, leave, next, released } = start();
  wait();
  put(gated());
  leave();
  await next();
  deepEqual(released, []);
  wait();
  await next();
  deepEqual(released.length, 1);
});

Deno.test("another Job's placeholder has its own half second", async () => {
  const { put, wait, next, settle, released, pauses } = start();
  wait();
  put(gated("pod-1"));
  put(gated("pod-2"));
  deepEqual(pauses, [500, 500]);
  await settle();
  put(gated("pod-2"));
  deepEqual(pauses, [500, 500], "the end of the first one ends no other");
  await next();
  deepEqual(released, ["name-of-pod-2 pod-2"]);
});

Deno.test("a stop leaves all placeholders, and a fault is reported", async () => {
  const { put, wait, next, released, placeholders } = start();
  wait();
  put(gated());
  await placeholders.stop();
  await next();
  put(gated("pod-2"));
  await next();
  deepEqual(released, []);

  const fault = new Error("a fault");
  const broken = start({ pods: { release: () => Promise.reject(fault) } });
  broken.wait();
  broken.put(gated());
  await broken.next();
  deepEqual(broken.faults, [fault]);
});
