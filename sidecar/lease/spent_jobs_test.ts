import { deepEqual } from "node:assert/strict";
import type { ViewPhase, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import { SpentJobs, type SpentJobsOptions } from "./spent_jobs.ts";

const spent = (job: string): ViewPhase => ({ kind: "asleep", ended: job, spent: true });

/** Views, and pauses that end when the test says so. */
function start(change: Partial<SpentJobsOptions> = {}) {
  const views = new Map<string, ViewState>();
  const deleted: string[] = [];
  const troubles: string[] = [];
  const stop = new AbortController();
  let resume = () => {};
  const jobs = new SpentJobs({
    view: (name) => views.get(name),
    jobs: {
      delete: (name, uid) => {
        deleted.push(`${name} ${uid}`);
        return Promise.resolve();
      },
    },
    pause: (_milliseconds, signal) =>
      new Promise((resolve) => {
        resume = resolve;
        signal.addEventListener("abort", () => resolve());
      }),
    random: () => 0.5,
    signal: stop.signal,
    onError: (view, error) => troubles.push(`${view}: ${(error as Error).message}`),
    ...change,
  });
  const put = (name: string, phase: ViewPhase) => {
    views.set(name, viewState(phase, { name }));
    jobs.changed(name);
  };
  const after = async () => {
    resume();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { jobs, views, deleted, troubles, stop, put, after };
}

Deno.test("the Job of a view that fell asleep is deleted after a pause", async () => {
  const { put, deleted, after } = start();
  put("a", spent("job-a"));
  put("b", spent("job-b"));
  deepEqual(deleted, []);
  await after();
  deepEqual(deleted, ["a job-a", "b job-b"]);
});

Deno.test("the spent Job of a view that cannot start again is deleted, but not the Job of a failed start", async () => {
  const { put, deleted, after } = start();
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  put("a", { kind: "failed", job: "job-a", cause, spent: true });
  put("b", { kind: "failed", job: "job-b", cause });
  await after();
  deepEqual(deleted, ["a job-a"]);
});

Deno.test("a Job that another gateway has deleted, or that a launch has replaced, is left alone", async () => {
  const { put, deleted, after, views } = start();
  put("a", spent("job-a"));
  put("b", spent("job-b"));
  put("c", spent("job-c"));
  put("a", { kind: "asleep", ended: undefined });
  put("b", { kind: "starting", job: "job-b-2", step: "no pod" });
  views.delete("c");
  await after();
  deepEqual(deleted, []);
});

Deno.test("a Job that has failed, or whose end is unknown, stays", async () => {
  const { put, deleted, after } = start();
  put("a", { kind: "failed", job: "job-a", cause: { reason: "Error", message: "" } });
  put("b", { kind: "asleep", ended: "job-b" });
  await after();
  deepEqual(deleted, []);
});

Deno.test("a Job that is spent while others are deleted comes next", async () => {
  const { put, deleted, after } = start();
  put("a", spent("job-a"));
  await after();
  put("b", spent("job-b"));
  await after();
  deepEqual(deleted, ["a job-a", "b job-b"]);
});

Deno.test("the Jobs of a thousand views are deleted in batches of fifty", async () => {
  const { put, deleted, after } = start();
  for (let i = 0; i < 1_000; i++) put(`v${i}`, spent(`job-${i}`));
  await after();
  deepEqual(deleted.length, 50);
  for (let i = 0; i < 19; i++) await after();
  deepEqual(deleted.length, 1_000);
});

Deno.test("an error for one Job is reported, and does not keep others", async () => {
  const failing = {
    delete: (name: string) => name === "a" ? Promise.reject(new Error("no")) : Promise.resolve(),
  };
  const { put, troubles, after, jobs } = start({ jobs: failing });
  put("a", spent("job-a"));
  put("b", spent("job-b"));
  await after();
  deepEqual(troubles, ["a: no"]);
  await jobs.stopped();
});

Deno.test("a sidecar that stops deletes no more Jobs", async () => {
  const { put, deleted, stop, jobs } = start();
  put("a", spent("job-a"));
  stop.abort();
  await jobs.stopped();
  put("b", spent("job-b"));
  await jobs.stopped();
  deepEqual(deleted, []);
});
