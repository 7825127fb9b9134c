import { deepEqual, equal, match } from "node:assert/strict";
import type { V1Job } from "@kubernetes/client-node";
import { KubernetesError } from "../kubernetes/kubernetes_error.ts";
import { pause } from "../async/pause.ts";
import { readAttempt } from "../view/attempt.ts";
import type { Phase, StartAttempt, ViewState } from "../view/state.ts";
import { viewState } from "../view/testing/view_state.ts";
import type { CreatedJob, ExistingJob } from "../view/write_outcomes.ts";
import { Launcher, type LauncherOptions, type LaunchOutcome } from "./launcher.ts";

const failedAt = "2026-01-01T00:01:00Z";
const cause = { reason: "ErrImagePull", message: "no such image" };
const view = (phase: Phase, attempt?: StartAttempt) => viewState(phase, { ...attempt && { attempt } });
const asleep = (ended?: string) => view({ kind: "asleep", ended });

/** A cluster that holds one Job, and a view whose snapshot follows. */
function start(change: Partial<LauncherOptions> = {}) {
  const created: V1Job[] = [];
  const deleted: string[] = [];
  const outcomes: LaunchOutcome[] = [];
  const faults: unknown[] = [];
  let answer: (job: V1Job) => CreatedJob = () => ({ kind: "created", uid: `job-${created.length}` });
  let standing: ExistingJob | undefined;
  let image = "view:1";
  let now = Date.parse(failedAt);
  let current: ViewState | undefined;
  const launcher = new Launcher({
    views: {
      get: () => current,
      until: (_name, fits, signal) =>
        new Promise((resolve, reject) => {
          current = view({ kind: "starting", job: `job-${created.length}`, step: "no pod" });
          if (fits(current)) resolve(current);
          else signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
    jobs: {
      create: (job) => {
        const result = answer(job);
        if (result.kind === "created") created.push(job);
        return Promise.resolve(result.kind === "created" ? { kind: "created", uid: `job-${created.length}` } : result);
      },
      delete: (_name, uid) => {
        deleted.push(uid);
        return Promise.resolve();
      },
      get: () => Promise.resolve(standing),
    },
    start: () => ({
      template: {
        job: { kind: "Job", spec: { template: { spec: { containers: [{ name: "view", image }] } } } },
        shape: { labels: {}, ports: [] },
        digest: image,
      },
    }),
    credentials: { ensure: () => Promise.resolve({ kind: "not needed" }) },
    required: {},
    limits: { launches: 10, running: 10 },
    running: () => 0,
    terms: () => ({ idle: 900, lifetime: 3_600 }),
    timeout: 200,
    signal: new AbortController().signal,
    onOutcome: (_view, outcome) => outcomes.push(outcome),
    onFault: (_view, error) => faults.push(error),
    now: () => now,
    pause,
    ...change,
  });
  return {
    launcher,
    created,
    deleted,
    outcomes,
    faults,
    answers: (how: typeof answer) => answer = how,
    stands: (job: ExistingJob | undefined) => standing = job,
    templateHas: (value: string) => image = value,
    pass: (seconds: number) => now += seconds * 1000,
    notes: () => readAttempt(created.at(-1)?.metadata?.annotations),
    failed: (failures: number, job = `job-${created.length}`) =>
      view({ kind: "failed", job, cause }, {
        createdAt: "2026-01-01T00:00:00Z",
        failures,
        digest: readAttempt(created.at(-1)?.metadata?.annotations).digest ?? "",
        failedAt,
      }),
  };
}

Deno.test("a view that sleeps gets a Job, and one that ended goes first", async () => {
  const { launcher, created, deleted } = start();
  deepEqual(await launcher.launch(asleep()), { kind: "launched", created: "job-1" });
  deepEqual(await launcher.launch(asleep("job-1")), { kind: "launched", created: "job-2" });
  deepEqual(deleted, ["job-1"]);
  equal(created[0]?.metadata?.name, "hello");
});

Deno.test("a launch ends when its own Job is seen, not when the former one is seen to go", async () => {
  const states = [
    view({ kind: "failed", job: "job-0", cause }),
    asleep(),
    view({ kind: "starting", job: "job-1", step: "no pod" }),
  ];
  const passed: ViewState[] = [];
  const { launcher } = start({
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

Deno.test("however many ask for a view, it is launched once and told once", async () => {
  const { launcher, created, outcomes } = start();
  await Promise.all(Array.from({ length: 5 }, () => launcher.launch(asleep())));
  deepEqual([created.length, outcomes.length], [1, 1]);
});

Deno.test("a Job that another gateway has made is as good", async () => {
  const { launcher, answers, stands } = start();
  answers(() => ({ kind: "exists" }));
  stands({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(asleep("job-8")), { kind: "launched", created: undefined });
});

Deno.test("the Job of a former view of the same name is replaced", async () => {
  const { launcher, answers, stands, deleted } = start();
  let tries = 0;
  answers(() => ++tries === 1 ? { kind: "exists" } : { kind: "created", uid: "" });
  stands({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: { uid: "service-0", name: "hello" } });
  equal((await launcher.launch(asleep())).kind, "launched");
  deepEqual(deleted, ["job-9"]);
});

Deno.test("a Job of that name that is nobody's is left alone, and is why", async () => {
  const { launcher, answers, stands, deleted } = start();
  answers(() => ({ kind: "exists" }));
  stands({ uid: "job-9", deleting: false, blockingFinalizers: [], owner: undefined });
  const outcome = await launcher.launch(asleep());
  equal(outcome.kind === "failed" && outcome.cause.reason, "JobNameTaken");
  deepEqual(deleted, []);
});

Deno.test("a Job that is being deleted keeps its name for a while, and is waited for", async () => {
  const { launcher, answers, stands } = start({ timeout: 5_000 });
  let tries = 0;
  answers(() => ++tries < 3 ? { kind: "exists" } : { kind: "created", uid: "" });
  stands({ uid: "job-9", deleting: true, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(asleep("job-9")), { kind: "launched", created: "job-1" });
  equal(tries, 3);
});

Deno.test("a finalizer that keeps a Job is named after a moment, whichever view's it was", async () => {
  const { launcher, answers, stands } = start({ timeout: 5_000 });
  answers(() => ({ kind: "exists" }));
  for (const uid of ["service-1", "service-0"]) {
    stands({ uid: "job-9", deleting: true, blockingFinalizers: ["example.com/hold"], owner: { uid, name: "hello" } });
    const outcome = await launcher.launch(asleep());
    equal(outcome.kind === "failed" && outcome.cause.reason, "JobBeingDeleted");
    match(
      JSON.stringify(outcome),
      /former Job hello is still being deleted: the finalizer example\.com\/hold keeps it/,
    );
  }
});

Deno.test("a Job whose end never comes makes a launch that ends in bounded time", async () => {
  const { launcher, answers, stands } = start({ timeout: 150 });
  answers(() => ({ kind: "exists" }));
  stands({ uid: "job-1", deleting: true, blockingFinalizers: [], owner: { uid: "service-1", name: "hello" } });
  deepEqual(await launcher.launch(asleep("job-1")), {
    kind: "late",
    seconds: 0.15,
    waitedFor: "Kubernetes to delete its former Job",
  });
});

Deno.test("a launch fails with the reason where the view cannot start from its template, and does nothing in Kubernetes", async () => {
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  const { launcher, created, deleted } = start({ start: () => ({ cause }) });
  deepEqual(await launcher.launch(asleep("job-0")), { kind: "failed", cause });
  deepEqual([created, deleted], [[], []]);
});

Deno.test("a launch of a view whose Service is not valid fails with what is wrong with it", async () => {
  const { launcher } = start();
  const cause = { reason: "InvalidSpec", message: "The Service has no port." };
  const view = { ...viewState({ kind: "failed", job: undefined, cause }), spec: undefined };
  deepEqual(await launcher.launch(view), { kind: "failed", cause });
});

Deno.test("what could not start, and then sleeps, is tried at once", async () => {
  const { launcher } = start();
  const cause = { reason: "InvalidTemplate", message: "There is no template gold." };
  const attempt = { createdAt: "2026-01-01T00:00:00Z", failures: 9, digest: "x", failedAt };
  deepEqual(await launcher.launch(view({ kind: "failed", job: "job-0", cause }, attempt)), {
    kind: "launched",
    created: "job-1",
  });
});

Deno.test("a Job that the snapshot never shows makes a launch that ends in bounded time", async () => {
  const { launcher } = start({
    timeout: 20,
    views: {
      get: () => undefined,
      until: (_name, _fits, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    },
  });
  deepEqual(await launcher.launch(asleep()), { kind: "late", seconds: 0.02, waitedFor: "Kubernetes to show its Job" });
});

Deno.test("a launch whose credentials do not come in time says so, and is not Kubernetes' fault", async () => {
  const { launcher } = start({ timeout: 20, credentials: { ensure: () => new Promise(() => undefined) } });
  deepEqual(await launcher.launch(asleep()), {
    kind: "late",
    seconds: 0.02,
    waitedFor: "its credentials for the lake",
  });
});

Deno.test("an error of Kubernetes' is told by its kind; one that nobody has thought of goes to the log", async () => {
  const launching = async (error: Error) => {
    const { launcher, faults } = start({
      jobs: {
        create: () => Promise.reject(error),
        delete: () => Promise.resolve(),
        get: () => Promise.resolve(undefined),
      },
    });
    return { outcome: await launcher.launch(asleep()), faults };
  };
  const denied = await launching(new KubernetesError("Forbidden", "no such right"));
  deepEqual(denied.outcome, { kind: "failed", cause: { reason: "Forbidden", message: "no such right" } });
  const away = await launching(new KubernetesError("Timeout", "The API server did not answer."));
  deepEqual(away.outcome, { kind: "unavailable", message: "The API server did not answer." });
  deepEqual([denied.faults, away.faults], [[], []]);
  const fault = new TypeError("x is not a function");
  deepEqual(await launching(fault), { outcome: { kind: "fault" }, faults: [fault] });
});

Deno.test("a launch that the sidecar's end cuts off says that", async () => {
  const stopping = new AbortController();
  const { launcher, faults } = start({
    signal: stopping.signal,
    credentials: { ensure: () => new Promise(() => undefined) },
  });
  const launching = launcher.launch(asleep());
  stopping.abort();
  deepEqual([await launching, faults], [{ kind: "stopping" }, []]);
});

Deno.test("each attempt notes how many failed before it, and a view that fell asleep begins anew", async () => {
  const { launcher, notes, failed, pass } = start();
  await launcher.launch(asleep());
  equal(notes().failures, undefined);
  await launcher.launch(failed(0));
  equal(notes().failures, 1);
  pass(2);
  await launcher.launch(failed(1));
  equal(notes().failures, 2);
  await launcher.launch(asleep("job-3"));
  equal(notes().failures, undefined);
});

Deno.test("between attempts there is a pause, in which nothing is done in Kubernetes", async () => {
  const { launcher, created, deleted, failed, pass } = start();
  await launcher.launch(asleep());
  const view = failed(3);
  deepEqual(await launcher.launch(view), { kind: "paused", cause, seconds: 8 });
  pass(7.5);
  deepEqual(await launcher.launch(view), { kind: "paused", cause, seconds: 1 });
  deepEqual([created.length, deleted.length], [1, 0]);
  pass(0.5);
  equal((await launcher.launch(view)).kind, "launched");
});

Deno.test("what has been changed is tried at once: the spec, or the template", async () => {
  const { launcher, notes, failed, templateHas } = start();
  await launcher.launch(asleep());
  const view = failed(9);
  equal((await launcher.launch({ ...view, spec: { subsets: [{ bucket: "lake" }] } })).kind, "launched");
  equal(notes().failures, undefined);
  templateHas("view:2");
  equal((await launcher.launch(view)).kind, "launched");
});

Deno.test("a Job that Kubernetes refuses is not asked for again and again either", async () => {
  const { launcher, answers, pass, notes } = start();
  const cause = { reason: "Forbidden", message: "exceeded quota" };
  let asked = 0;
  answers(() => {
    asked++;
    return { kind: "refused", cause };
  });
  deepEqual(await launcher.launch(asleep()), { kind: "failed", cause });
  deepEqual(await launcher.launch(asleep()), { kind: "failed", cause });
  deepEqual(await launcher.launch(asleep()), { kind: "paused", cause, seconds: 2 });
  equal(asked, 2);
  pass(2);
  answers(() => ({ kind: "created", uid: "" }));
  equal((await launcher.launch(asleep())).kind, "launched");
  equal(notes().failures, 2);
});

Deno.test("beyond so many launches at once, or so many views that run, none is begun", async () => {
  const { launcher } = start({ limits: { launches: 1, running: 10 } });
  const first = launcher.launch(asleep());
  const other = { ...asleep(), name: "other", uid: "service-9" };
  deepEqual(await launcher.launch(other), { kind: "busy", message: "1 other views are being launched." });
  equal((await first).kind, "launched");
  equal((await launcher.launch(other)).kind, "launched");

  const full = start({ limits: { launches: 10, running: 3 }, running: () => 3 });
  deepEqual(await full.launcher.launch(asleep()), { kind: "busy", message: "3 views are awake, which is the limit." });
});

Deno.test("a view that cannot have its credentials is not launched, and says why", async () => {
  const cause = { reason: "AccessDenied", message: "STS denies it." };
  const { launcher, created } = start({ credentials: { ensure: () => Promise.resolve({ kind: "failed", cause }) } });
  deepEqual(await launcher.launch(asleep()), { kind: "failed", cause });
  deepEqual(created, []);
});
