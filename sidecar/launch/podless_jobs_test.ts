import { deepEqual } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { PodlessJobs, type PodlessJobsOptions } from "./podless_jobs.ts";

const podless = (job = "job-1"): ViewPhase => ({ kind: "starting", job, step: "no pod", podless: true });
const asleep: ViewPhase = { kind: "asleep", ended: undefined, podless: true };
const scheduling: ViewPhase = { kind: "starting", job: "job-1", step: "scheduling" };

/** Podless Jobs of a view that a test puts there; time goes on by the pauses alone. */
function start(change: Partial<PodlessJobsOptions> = {}) {
  let phase: ViewPhase | undefined;
  let waiting = false;
  const replaced: string[] = [];
  const faults: unknown[] = [];
  const pauses: number[] = [];
  const wake: (() => void)[] = [];
  const jobs = new PodlessJobs({
    view: () => phase && viewState(phase),
    isAwaited: () => waiting,
    launch: ({ phase }) => {
      replaced.push(phase.kind === "starting" ? phase.job : phase.kind);
      return Promise.resolve();
    },
    onPodless: () => {},
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
    ...{ jobs, replaced, faults, pauses },
    put: (value: ViewPhase) => {
      phase = value;
      jobs.update("hello");
    },
    wait: (value = true) => {
      waiting = value;
      if (waiting) jobs.update("hello");
    },
    /** All pauses that are under way end. */
    next: async () => {
      await settle();
      for (const end of wake.splice(0)) end();
      await settle();
    },
  };
}

Deno.test("a Job without a pod is replaced if somebody waits, once its cause had time to come", async () => {
  const { put, wait, next, replaced, pauses } = start();
  put(podless());
  await next();
  deepEqual([replaced, pauses], [[], []]);
  wait();
  deepEqual([replaced, pauses], [[], [2_000]]);
  await next();
  deepEqual(replaced, ["job-1"]);
});

Deno.test("a Job stays that gets its pod or its cause meanwhile, and one that nobody waits for any more", async () => {
  const { put, wait, next, replaced } = start();
  wait();
  put(podless());
  put(scheduling);
  await next();
  put(podless());
  put({ kind: "failed", job: "job-1", cause: { reason: "FailedCreate", message: "exceeded quota" } });
  await next();
  put(podless());
  wait(false);
  await next();
  deepEqual(replaced, []);
});

Deno.test("a view that gets no pod again and again is tried ever more rarely, and afresh after a pod", async () => {
  const { put, wait, next, replaced, pauses } = start();
  wait();
  for (const job of ["job-1", "job-2", "job-3"]) {
    put(podless(job));
    await next();
    put(asleep);
    put({ kind: "starting", job: "new", step: "no pod" });
  }
  deepEqual(replaced, ["job-1", "job-2", "job-3"]);
  put(scheduling);
  put(podless("job-4"));
  // After each replacement, a pause begins that ends with the Job.
  deepEqual(pauses, [2_000, 2_000, 4_000, 4_000, 8_000, 8_000, 2_000]);
});

Deno.test("a stop leaves all Jobs, and a fault is reported", async () => {
  const { put, wait, next, replaced, jobs } = start();
  wait();
  put(podless());
  await jobs.stop();
  put(podless("job-2"));
  await next();
  deepEqual(replaced, []);

  const fault = new Error("a fault");
  const broken = start({ launch: () => Promise.reject(fault) });
  broken.wait();
  broken.put(podless());
  await broken.next();
  deepEqual(broken.faults, [fault]);
});
