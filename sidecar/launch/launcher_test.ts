import { deepEqual, equal, match } from "node:assert/strict";
import type { ViewState } from "../view/state.ts";
import { imageCause, sleepingView, startLauncher, viewWith } from "./testing/launcher.ts";

Deno.test("a launch creates the Job of a sleeping view, and deletes a Job that has ended first", async () => {
  const { launcher, created, deleted } = startLauncher();
  deepEqual(await launcher.launch(sleepingView()), { kind: "launched", created: "job-1" });
  deepEqual(await launcher.launch(sleepingView("job-1")), { kind: "launched", created: "job-2" });
  deepEqual(deleted, ["job-1"]);
  equal(created[0]?.metadata?.name, "hello");
});

Deno.test("a launch ends when the snapshot shows its own Job, not when the former one disappears", async () => {
  const states = [
    viewWith({ kind: "failed", job: "job-0", cause: imageCause }),
    sleepingView(),
    viewWith({ kind: "starting", job: "job-1", step: "no pod" }),
  ];
  const passed: ViewState[] = [];
  const { launcher } = startLauncher({
    views: {
      get: () => states[0],
      until: (_name, fits) => {
        passed.push(...states.filter((state) => !fits(state)));
        return Promise.resolve(states.find(fits));
      },
    },
  });
  deepEqual(await launcher.launch(states[0]!), { kind: "launched", created: "job-1" });
  deepEqual(passed, states.slice(0, 2));
});

Deno.test("many requests for a view share one launch with one outcome", async () => {
  const { launcher, created, outcomes } = startLauncher();
  await Promise.all(Array.from({ length: 5 }, () => launcher.launch(sleepingView())));
  deepEqual([created.length, outcomes.length], [1, 1]);
});

Deno.test("a Job that another gateway has created counts as launched", async () => {
  const { launcher, setCreated, setExisting } = startLauncher();
  setCreated(() => ({ kind: "exists" }));
  setExisting({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(sleepingView("job-8")), { kind: "launched", created: undefined });
});

Deno.test("a launch replaces the Job of a former view of the same name", async () => {
  const { launcher, setCreated, setExisting, deleted } = startLauncher();
  let tries = 0;
  setCreated(() => ++tries === 1 ? { kind: "exists" } : { kind: "created", uid: "" });
  setExisting({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: { uid: "service-0", name: "hello" } });
  equal((await launcher.launch(sleepingView())).kind, "launched");
  deepEqual(deleted, ["job-9"]);
});

Deno.test("a Job that the Job controller has not seen is replaced once it has, or after a second", async () => {
  const pauses: number[] = [];
  const seenAfter = (looks: number) => (milliseconds: number) => {
    pauses.push(milliseconds);
    if (pauses.length === looks) world.setExisting({ ...young, unseen: undefined });
    return Promise.resolve();
  };
  const owner = { uid: "service-1", name: "hello" };
  const young = { uid: "job-0", deleting: false, blockingFinalizers: [], owner, unseen: true } as const;
  let world = startLauncher({ pause: seenAfter(3) });
  world.setExisting(young);
  equal((await world.launcher.launch(sleepingView("job-0"))).kind, "launched");
  deepEqual([pauses, world.deleted], [[50, 50, 50], ["job-0"]]);

  pauses.length = 0;
  world = startLauncher({ pause: seenAfter(99) });
  world.setExisting(young);
  equal((await world.launcher.launch(sleepingView("job-0"))).kind, "launched");
  deepEqual([pauses.length, world.deleted], [20, ["job-0"]]);
});

Deno.test("a view whose last Job got no pod gets the next one a second after that is gone", async () => {
  const asleep = { kind: "asleep", ended: undefined, podless: true } as const;
  const starting = { kind: "starting", job: "job-0", step: "no pod", podless: true } as const;
  for (const phase of [asleep, starting]) {
    const steps: string[] = [];
    const { launcher, deleted, created } = startLauncher({
      pause: (milliseconds) => {
        steps.push(`${deleted} ${created.length} ${milliseconds}`);
        return Promise.resolve();
      },
    });
    equal((await launcher.launch(viewWith(phase))).kind, "launched");
    deepEqual(steps, [phase.kind === "asleep" ? " 0 1000" : "job-0 0 1000"]);
    equal(created.length, 1);
  }
});

Deno.test("a Job of that name that belongs to no view stays, and is the cause of the failure", async () => {
  const { launcher, setCreated, setExisting, deleted } = startLauncher();
  setCreated(() => ({ kind: "exists" }));
  setExisting({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: undefined });
  const outcome = await launcher.launch(sleepingView());
  equal(outcome.kind === "failed" && outcome.cause.reason, "JobNameTaken");
  deepEqual(deleted, []);
});

Deno.test("a launch waits for a Job that is being deleted, because it keeps the name", async () => {
  const { launcher, setCreated, setExisting } = startLauncher({ timeout: 5_000 });
  let tries = 0;
  setCreated(() => ++tries < 3 ? { kind: "exists" } : { kind: "created", uid: "" });
  setExisting({ uid: "job-9", deleting: true, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(sleepingView("job-9")), { kind: "launched", created: "job-1" });
  equal(tries, 3);
});

Deno.test("a launch fails after a moment when a finalizer keeps the former Job, and names the finalizer", async () => {
  const { launcher, setCreated, setExisting } = startLauncher({ timeout: 5_000 });
  setCreated(() => ({ kind: "exists" }));
  for (const uid of ["service-1", "service-0"]) {
    setExisting({
      uid: "job-9",
      deleting: true,
      blockingFinalizers: ["example.com/hold"],
      owner: { uid, name: "hello" },
    });
    const outcome = await launcher.launch(sleepingView());
    equal(outcome.kind === "failed" && outcome.cause.reason, "JobBeingDeleted");
    match(
      JSON.stringify(outcome),
      /former Job hello is still being deleted: the finalizer example\.com\/hold keeps it/,
    );
  }
});
