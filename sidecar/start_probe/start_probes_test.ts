import { deepEqual, equal, ok } from "node:assert/strict";
import type { StartProbe, ViewPhase, ViewState } from "../view/state.ts";
import { interval, StartProbes, type StartProbesOptions } from "./start_probes.ts";

const probe = (pod = "pod-1"): StartProbe => ({ pod, path: "/healthz", address: "10.0.0.1", port: 8080 });
const starting = (probe?: StartProbe): ViewPhase => ({
  kind: "starting",
  job: "job-1",
  step: "waiting for readiness",
  ...probe && { probe },
});
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };

/** Probes of views that a test puts there; time goes on by the pauses alone. */
function start(change: Partial<StartProbesOptions> = {}) {
  const phases = new Map<string, ViewPhase>();
  const waiting = new Set<string>();
  const asked: string[] = [];
  const told: string[] = [];
  const pauses: number[] = [];
  const wake: (() => void)[] = [];
  let answer = false;
  let time = 0;
  const probes = new StartProbes({
    view: (name) => phases.has(name) ? { phase: phases.get(name) } as ViewState : undefined,
    isAwaited: (name) => waiting.has(name),
    serves: ({ pod }) => {
      asked.push(pod);
      return Promise.resolve(answer);
    },
    onServing: (view, { pod }, milliseconds) => {
      told.push(`${view}: ${pod} after ${milliseconds} ms`);
      put(view, awake);
    },
    onOvertaken: (view) => void told.push(`${view}: overtaken`),
    pause: (milliseconds, signal) => {
      pauses.push(milliseconds);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
        wake.push(() => {
          time += milliseconds;
          resolve();
        });
      });
    },
    clock: () => time,
    ...change,
  });
  const put = (name: string, phase: ViewPhase | undefined) => {
    if (phase === undefined) phases.delete(name);
    else phases.set(name, phase);
    probes.update(name);
  };
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  return {
    ...{ probes, asked, told, pauses, put, settle },
    wait: (name: string) => {
      waiting.add(name);
      probes.update(name);
    },
    leave: (name: string) => waiting.delete(name),
    answers: () => answer = true,
    /** All pauses that are under way end. */
    next: async () => {
      await settle();
      for (const end of wake.splice(0)) end();
      await settle();
    },
  };
}

Deno.test("a starting pod is probed while somebody waits, until it serves", async () => {
  const { put, wait, next, answers, asked, told, probes } = start();
  wait("hello");
  put("hello", starting());
  put("hello", starting(probe()));
  await next();
  await next();
  equal(asked.length, 3);
  answers();
  await next();
  deepEqual(asked, ["pod-1", "pod-1", "pod-1", "pod-1"]);
  deepEqual(told, ["hello: pod-1 after 75 ms"]);
  await next();
  equal(asked.length, 4);
  equal(probes.size, 0);
});

Deno.test("probes of a view start when somebody begins to wait, and end when nobody waits", async () => {
  const { put, wait, leave, next, asked, probes } = start();
  put("hello", starting(probe()));
  await next();
  equal(asked.length, 0);
  wait("hello");
  await next();
  equal(asked.length, 2);
  wait("hello");
  await next();
  equal(asked.length, 3, "a second request is waited for by the same probe");
  leave("hello");
  await next();
  equal(asked.length, 3);
  equal(probes.size, 0);
  wait("hello");
  await next();
  equal(asked.length, 5);
  await probes.stop();
});

Deno.test("a view whose template allows no probes is not probed", async () => {
  const { put, wait, next, asked } = start();
  wait("hello");
  put("hello", starting());
  await next();
  equal(asked.length, 0);
});

Deno.test("a probe's answer does not count after Kubernetes' own, or after the start has ended", async () => {
  const late = Promise.withResolvers<boolean>();
  const signals: AbortSignal[] = [];
  const { put, wait, settle, told, probes } = start({
    serves: (_probe, signal) => {
      signals.push(signal);
      return late.promise;
    },
  });
  for (const name of ["overtaken", "failed", "deleted"]) {
    wait(name);
    put(name, starting(probe(name)));
  }
  put("overtaken", awake);
  put("failed", { kind: "failed", job: "job-1", cause: { reason: "Error", message: "" } });
  put("deleted", undefined);
  deepEqual(signals.map(({ aborted }) => aborted), [true, true, true]);
  late.resolve(true);
  await settle();
  deepEqual(told, ["overtaken: overtaken"]);
  equal(probes.size, 0);
});

Deno.test("the next pod of a view is probed in place of the former one", async () => {
  const { put, wait, next, asked, probes } = start();
  wait("hello");
  put("hello", starting(probe("pod-1")));
  put("hello", starting(probe("pod-2")));
  await next();
  deepEqual(asked, ["pod-1", "pod-2", "pod-2"]);
  equal(probes.size, 1);
  await probes.stop();
});

Deno.test("the number of views that are probed at once has a limit", async () => {
  const { put, wait, next, asked, probes } = start({ limit: 2 });
  for (const name of ["a", "b", "c"]) {
    wait(name);
    put(name, starting(probe(name)));
  }
  await next();
  deepEqual(new Set(asked), new Set(["a", "b"]));
  put("a", awake);
  wait("c");
  await next();
  ok(asked.includes("c"));
  await probes.stop();
});

Deno.test("after a stop, nothing is probed", async () => {
  const { put, wait, next, asked, told, probes } = start();
  wait("hello");
  put("hello", starting(probe()));
  await probes.stop();
  put("hello", starting(probe("pod-2")));
  await next();
  deepEqual([asked.length, told.length, probes.size], [1, 0, 0]);
});

Deno.test("the interval grows with the time waited and with the number of views", () => {
  deepEqual([0, 500, 1_000, 2_000, 4_000, 10_000, 60_000].map((waited) => interval(waited, 1)), [
    ...[25, 25, 25, 50, 100, 250, 250],
  ]);
  deepEqual([1, 10, 50, 100].map((views) => interval(0, views)), [25, 25, 100, 200]);
});
