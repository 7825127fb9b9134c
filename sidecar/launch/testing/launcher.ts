import type { V1Job } from "@kubernetes/client-node";
import { pause } from "../../async/pause.ts";
import { readAttempt } from "../../view/attempt.ts";
import type { StartAttempt, ViewPhase, ViewState } from "../../view/state.ts";
import { viewState } from "../../view/testing/view_state.ts";
import type { CreatedJob, ExistingJob } from "../../view/write_outcomes.ts";
import { NO_POOLS } from "./no_pools.ts";
import { Launcher, type LauncherOptions, type LaunchOutcome } from "../launcher.ts";

export const failedAt = "2026-01-01T00:01:00Z";
export const imageCause = { reason: "ErrImagePull", message: "no such image" };
export const viewWith = (phase: ViewPhase, attempt?: StartAttempt) => viewState(phase, { ...attempt && { attempt } });
export const sleepingView = (ended?: string) => viewWith({ kind: "asleep", ended });

/** A launcher with a cluster of one Job, and a view whose snapshot shows it. */
export function startLauncher(change: Partial<LauncherOptions> = {}) {
  const created: V1Job[] = [];
  const deleted: string[] = [];
  const outcomes: LaunchOutcome[] = [];
  const faults: unknown[] = [];
  let create: (job: V1Job) => CreatedJob = () => ({ kind: "created", uid: `job-${created.length}` });
  let existing: ExistingJob | undefined;
  let image = "view:1";
  let now = Date.parse(failedAt);
  let current: ViewState | undefined;
  const launcher = new Launcher({
    views: {
      get: () => current,
      until: (_name, fits, signal) =>
        new Promise((resolve, reject) => {
          current = viewWith({ kind: "starting", job: `job-${created.length}`, step: "no pod" });
          if (fits(current)) resolve(current);
          else signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
    jobs: {
      create: (job) => {
        const result = create(job);
        if (result.kind === "created") created.push(job);
        return Promise.resolve(result.kind === "created" ? { kind: "created", uid: `job-${created.length}` } : result);
      },
      delete: (_name, uid) => {
        deleted.push(uid);
        return Promise.resolve();
      },
      get: () => Promise.resolve(existing),
    },
    pools: NO_POOLS,
    pods: { claim: () => Promise.reject(new Error("no pool")), release: () => Promise.reject(new Error("no pool")) },
    onClaim: () => {},
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
    setCreated: (how: typeof create) => create = how,
    setExisting: (job: ExistingJob | undefined) => existing = job,
    setImage: (value: string) => image = value,
    passTime: (seconds: number) => now += seconds * 1000,
    lastAttempt: () => readAttempt(created.at(-1)?.metadata?.annotations),
    failed: (failures: number, job = `job-${created.length}`) =>
      viewWith({ kind: "failed", job, cause: imageCause }, {
        createdAt: "2026-01-01T00:00:00Z",
        failures,
        digest: readAttempt(created.at(-1)?.metadata?.annotations).digest ?? "",
        failedAt,
      }),
  };
}
