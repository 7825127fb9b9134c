import { deepEqual, equal } from "node:assert/strict";
import type { ViewPhase } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { RenewedJob } from "../view/write_outcomes.ts";
import { Leases, type LeasesOptions } from "./leases.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const view = (name: string, activeDeadlineSeconds = 100) =>
  viewState(
    { kind: "awake", job: `job-${name}`, serving: [], lease: { startedAt: START, activeDeadlineSeconds } },
    { name },
  );

/** Leases of 100 s over views `a`, `b` …, at a number of seconds after their start. */
function start(seconds: number, change: Partial<LeasesOptions> = {}) {
  const written: string[] = [];
  const told: RenewedJob["kind"][] = [];
  const faults: string[] = [];
  const views = new Map(["a", "b"].map((name) => [name, view(name)]));
  const clock = { seconds };
  let answer: RenewedJob = { kind: "renewed" };
  const leases = new Leases({
    views,
    jobs: {
      renew: (name, { uid, from, to }) => {
        written.push(`${name} ${uid} ${from} → ${to}`);
        return Promise.resolve(answer);
      },
    },
    terms: () => ({ idle: 100, lifetime: 1_000 }),
    reportInterval: 5_000,
    now: () => START + clock.seconds * 1000,
    signal: new AbortController().signal,
    onFault: (name, error) => faults.push(`${name}: ${(error as Error).message}`),
    ...change,
  });
  leases.subscribe((_view, { kind }) => told.push(kind));
  return { leases, views, written, told, faults, clock, answer: (next: RenewedJob) => answer = next };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("the lease of a view with traffic is renewed when half of it is gone, and not before", async () => {
  const { leases, written, clock } = start(10);
  leases.renewAll(["a"]);
  clock.seconds = 60;
  leases.renewAll(["a"]);
  await turn();
  deepEqual(written, ["a job-a 100 → 160"]);
});

Deno.test("many load reports and late requests for one view share one renewal", async () => {
  const { leases, views, written } = start(60);
  leases.renewAll(["a", "a", "b"]);
  await Promise.all([leases.renew(views.get("a")!), leases.renew(views.get("a")!)]);
  deepEqual(written, ["a job-a 100 → 160", "b job-b 100 → 160"]);
});

Deno.test("leases of thousands of views are renewed after one load report, 64 at a time", async () => {
  const names = Array.from({ length: 1_000 }, (_, i) => `v${i}`);
  const open: (() => void)[] = [];
  let [atOnce, renewed] = [0, 0];
  const jobs = {
    renew: (name: string, { to }: { readonly to: number }) =>
      new Promise<RenewedJob>((resolve) => {
        open.push(() => {
          views.set(name, view(name, to));
          resolve({ kind: "renewed" });
        });
        atOnce = Math.max(atOnce, open.length);
        renewed++;
      }),
  };
  const { leases, views } = start(60, { jobs });
  for (const name of names) views.set(name, view(name));
  leases.renewAll(names);
  leases.renewAll(names);
  while (open.length > 0) {
    for (const end of open.splice(0)) end();
    await turn();
  }
  deepEqual([renewed, atOnce], [1_000, 64]);
});

Deno.test("a renewal that failed is tried again after the next load report, also where the view has no more traffic", async () => {
  const { leases, told, answer } = start(60);
  answer({ kind: "unavailable", message: "no answer" });
  leases.renewAll(["a"]);
  await turn();
  answer({ kind: "renewed" });
  leases.renewAll([]);
  await turn();
  leases.renewAll([]);
  await turn();
  deepEqual(told, ["unavailable", "renewed"]);
});

Deno.test("a view that is deleted, asleep, or whose Job has not started has no lease to renew", async () => {
  const { leases, views, written } = start(99);
  const phase: ViewPhase = { kind: "starting", job: "job-a", step: "scheduling" };
  views.set("a", { ...view("a"), phase });
  views.set("b", { ...view("b"), phase: { kind: "asleep", ended: "job-b" } });
  leases.renewAll(["a", "b", "c"]);
  await turn();
  deepEqual(written, []);
});

Deno.test("a view gets no new requests in the ten seconds before Kubernetes ends it", () => {
  const { leases, views, clock } = start(89);
  equal(leases.isEnding(views.get("a")!), false);
  clock.seconds = 91;
  equal(leases.isEnding(views.get("a")!), true);
});

Deno.test("while Kubernetes does not answer, a view gets requests to its end, and its renewal is tried again", async () => {
  const { leases, views, answer, told, clock } = start(91);
  answer({ kind: "unavailable", message: "no connection" });
  await leases.renew(views.get("a")!);
  equal(leases.isEnding(views.get("a")!), false);
  equal(leases.isEnding(views.get("b")!), true);
  clock.seconds = 130;
  answer({ kind: "renewed" });
  leases.renewAll(["a"]);
  await turn();
  deepEqual(told, ["unavailable", "renewed"]);
  equal(leases.isEnding(view("a")), true);
});

Deno.test("a renewal that another gateway has made first is no failure", async () => {
  const { leases, views, answer } = start(91);
  answer({ kind: "lost" });
  await leases.renew(views.get("a")!);
  equal(leases.isEnding(views.get("a")!), true);
});

Deno.test("an unexpected error in a renewal reaches onFault, and the wait for the renewal ends", async () => {
  const broken = { renew: () => Promise.reject(new Error("a fault")) };
  const { leases, views, faults } = start(60, { jobs: broken });
  leases.renewAll(["a"]);
  await leases.renew(views.get("a")!);
  deepEqual(faults, ["a: a fault"]);
  await leases.renew(views.get("a")!);
  deepEqual(faults, ["a: a fault", "a: a fault"], "the next look tries again");
  equal(leases.isEnding(views.get("a")!), false);
});

Deno.test("a renewal that ends because the sidecar stops is no error", async () => {
  const stop = new AbortController();
  const jobs = {
    renew: (_name: string, _job: unknown, signal: AbortSignal) =>
      new Promise<RenewedJob>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
  const { leases, views, faults, told } = start(60, { jobs, signal: stop.signal });
  const renewed = leases.renew(views.get("a")!);
  stop.abort();
  await renewed;
  deepEqual([faults, told], [[], []]);
});
