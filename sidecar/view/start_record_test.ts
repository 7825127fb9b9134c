import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { type LastStart, validate } from "@view-gateway/types";
import { connected, isConnecting, lastStartOf, type StartRecord, startRecordOf } from "./start_record.ts";
import type { StartStep, ViewPhase, ViewState } from "./state.ts";
import type { StartTimes } from "./start_times.ts";
import { viewState } from "./testing/view_state.ts";

/** Milliseconds at which the minute of these tests begins; Kubernetes' clock is the same. */
const ZERO = Date.parse("2026-01-01T00:00:00Z");
const noted = (seconds: number) => new Date(ZERO + seconds * 1000).toISOString().replace(".000", "");

const asleep: ViewPhase = { kind: "asleep", ended: undefined };
const starting = (step: StartStep, job = "job-1"): ViewPhase => ({ kind: "starting", job, step });
const awake: ViewPhase = { kind: "awake", job: "job-1", serving: [] };
const failed = (job: string | undefined = "job-1"): ViewPhase => ({
  kind: "failed",
  job,
  cause: { reason: "Error", message: "no" },
});

const times = { created: noted(1), scheduled: noted(2), running: noted(5), ready: noted(9) };
const { ready: _, ...unready } = times;

interface Told {
  readonly createdAt?: number;
  readonly failedAt?: number;
  readonly times?: StartTimes;
  readonly start?: "warm" | "cold";
  readonly uid?: string;
}

/** A state of the view, whose Job Kubernetes created at 00:00:00. */
function state(phase: ViewPhase, { createdAt = 0, failedAt, times, start, uid }: Told = {}): ViewState {
  const job = phase.kind === "asleep" ? undefined : phase.job;
  return viewState(phase, {
    ...job !== undefined && {
      attempt: {
        createdAt: noted(createdAt),
        failures: 0,
        ...failedAt !== undefined && { failedAt: noted(failedAt) },
        ...times && { times },
      },
    },
    ...start && { start },
    ...uid !== undefined && { uid },
  });
}

/** Expects what the API may answer. */
function isValid(lastStart: LastStart): void {
  const resource = {
    name: "hello",
    route: { hostname: "hello.localhost", url: "http://hello.localhost/" },
    phase: "awake",
    createdAt: noted(0),
    lastStart,
  };
  deepEqual(validate("ViewResource", structuredClone(resource)), { value: resource });
}

/** What a gateway remembers of a view, whose states it sees. */
class Watching {
  record: StartRecord | undefined;
  #before: ViewState | undefined;

  constructor(before?: ViewState) {
    this.#before = before;
  }

  sees(milliseconds: number, after: ViewState | undefined): this {
    this.record = startRecordOf(this.record, after, this.#before, ZERO + milliseconds);
    this.#before = after;
    return this;
  }

  connects(milliseconds: number, outcome: "awake" | "failed" = "awake"): this {
    this.record = connected(this.record!, outcome, ZERO + milliseconds);
    return this;
  }

  /** The outcome, and each step with its seconds. */
  tells(milliseconds = 0): readonly unknown[] {
    const last = lastStartOf(this.record!, ZERO + milliseconds);
    isValid(last);
    return [last.outcome, ...last.steps.map(({ step, seconds }) => `${step} ${seconds}`)];
  }
}

const watching = () => new Watching(state(asleep));

Deno.test("a cold start has its steps in milliseconds, up to Envoy", () => {
  const it = watching()
    .sees(400, state(starting("no pod")))
    .sees(460, state(starting("scheduling"), { start: "cold" }))
    .sees(484, state(starting("creating container"), { start: "cold" }))
    .sees(1_444, state(starting("waiting for readiness"), { start: "cold" }))
    .sees(1_460, state(awake, { start: "cold" }));
  equal(isConnecting(it.record!), true);
  it.connects(1_467);
  equal(isConnecting(it.record!), false);
  deepEqual(it.tells(99_000), [
    "awake",
    ...["no pod 0.06", "scheduling 0.024", "creating container 0.96", "waiting for readiness 0.016"],
    "connecting 0.007",
  ]);
  const { at, start } = lastStartOf(it.record!, ZERO);
  deepEqual([at, start], ["2026-01-01T00:00:00.400Z", "cold"]);
});

Deno.test("a warm start has its own steps", () => {
  const it = watching()
    .sees(10, state(starting("no pod")))
    .sees(30, state(starting("assigning"), { start: "warm" }))
    .sees(60, state(awake, { start: "warm" }))
    .connects(65);
  deepEqual(it.tells(), ["awake", "no pod 0.02", "assigning 0.03", "connecting 0.005"]);
  equal(lastStartOf(it.record!, ZERO).start, "warm");
});

Deno.test("the last step of a start that is under way goes on", () => {
  const it = watching().sees(100, state(starting("no pod"))).sees(200, state(starting("scheduling")));
  deepEqual(it.tells(5_300), ["under way", "no pod 0.1", "scheduling 5.1"]);
});

Deno.test("a start that fails keeps its steps, and ends in the last one", () => {
  const it = watching()
    .sees(100, state(starting("no pod")))
    .sees(200, state(starting("creating container")))
    .sees(1_700, state(failed()));
  deepEqual(it.tells(60_000), ["failed", "no pod 0.1", "creating container 1.5"]);
  it.sees(5_000, state(failed(), { failedAt: 2 }));
  deepEqual(it.tells(60_000), ["failed", "no pod 0.1", "creating container 1.5"], "the end stays");
});

Deno.test("a start whose container crashes at once fails in the step of the container that runs", () => {
  const crashed = (milliseconds: number) =>
    watching().sees(100, state(starting("creating container"))).sees(milliseconds, state(failed(), { times: unready }));
  deepEqual(crashed(1_900).tells(), ["failed", "creating container 1.8", "waiting for readiness 0"]);
  deepEqual(crashed(7_100).tells(), ["failed", "creating container 5", "waiting for readiness 2"]);
});

Deno.test("a start that nothing but the cluster delays goes on after it has failed", () => {
  const it = watching()
    .sees(0, state(starting("scheduling")))
    .sees(50, state(failed()))
    .sees(8_000, state(starting("creating container")));
  deepEqual(it.tells(9_000), ["under way", "scheduling 8", "creating container 1"]);
});

Deno.test("a start that is ended before its view was awake has failed", () => {
  const it = watching().sees(0, state(starting("no pod"))).sees(700, state(asleep));
  deepEqual(it.tells(9_000), ["failed", "no pod 0.7"]);
});

Deno.test("a view that Envoy refuses has failed to connect", () => {
  const it = watching().sees(0, state(starting("no pod"))).sees(500, state(awake)).connects(510, "failed");
  deepEqual(it.tells(), ["failed", "no pod 0.5", "connecting 0.01"]);
});

Deno.test("the record stays while the view is awake, when its pod is unready, and after it has fallen asleep", () => {
  const it = watching().sees(0, state(starting("no pod"))).sees(500, state(awake)).connects(510);
  const { record } = it;
  it.sees(9_000, state(starting("waiting for readiness"))).sees(9_500, state(awake)).sees(10_000, state(asleep));
  equal(it.record, record);
  it.sees(11_000, state(failed(undefined)));
  equal(it.record, record, "what created no Job is no start");
});

Deno.test("the next start replaces the record", () => {
  const it = watching().sees(0, state(starting("no pod"))).sees(10, state(failed()))
    .sees(5_000, state(starting("no pod", "job-2"), { createdAt: 5 }));
  deepEqual(it.tells(5_100), ["under way", "no pod 0.1"]);
});

Deno.test("a deleted view has no record, nor has another view of its name", () => {
  const started = () => watching().sees(0, state(starting("no pod")));
  equal(started().sees(1, undefined).record, undefined);
  equal(started().sees(1, state(asleep, { uid: "service-2" })).record, undefined);
});

Deno.test("a view that sleeps has no record", () => {
  equal(new Watching().sees(0, state(asleep)).sees(1, state(asleep)).record, undefined);
});

Deno.test("a gateway that begins to watch a view that is awake has Kubernetes' whole seconds", () => {
  const it = new Watching().sees(60_000, state(awake, { times, start: "cold" }));
  deepEqual(it.tells(99_000), [
    "awake",
    ...["no pod 1", "scheduling 1", "creating container 3", "waiting for readiness 4"],
  ]);
  const { at, start } = lastStartOf(it.record!, ZERO);
  deepEqual([at, start], ["2026-01-01T00:00:00.000Z", "cold"]);
});

Deno.test("of a warm start that it has not seen a gateway knows only when it began", () => {
  const it = new Watching().sees(60_000, state(awake, { start: "warm" }));
  deepEqual(it.tells(), ["awake"]);
  equal(lastStartOf(it.record!, ZERO).at, "2026-01-01T00:00:00.000Z");
});

Deno.test("a gateway that comes in the middle of a start has its beginning in whole seconds, and its end in milliseconds", () => {
  const it = new Watching()
    .sees(6_200, state(starting("waiting for readiness"), { times: unready }))
    .sees(9_300, state(awake, { times }))
    .connects(9_307);
  deepEqual(it.tells(), [
    "awake",
    ...["no pod 1", "scheduling 1", "creating container 3", "waiting for readiness 4", "connecting 0.007"],
  ]);
});

Deno.test("a failed start that a gateway has not seen ends when Kubernetes says so", () => {
  const it = new Watching().sees(60_000, state(failed(), { times: unready, failedAt: 7 }));
  deepEqual(it.tells(), [
    "failed",
    ...["no pod 1", "scheduling 1", "creating container 3", "waiting for readiness 2"],
  ]);
});

Deno.test("steps that a gateway has missed come from Kubernetes, within what it saw", () => {
  const it = watching()
    .sees(300, state(starting("no pod")))
    .sees(9_300, state(awake, { times }));
  deepEqual(it.tells(9_300), [
    "under way",
    ...["no pod 1", "scheduling 1", "creating container 3", "waiting for readiness 4", "connecting 0"],
  ]);
  const late = watching().sees(30_000, state(starting("waiting for readiness"), { times: unready }));
  deepEqual(late.tells(30_000), [
    "under way",
    ...["no pod 1", "scheduling 1", "creating container 3", "waiting for readiness 25"],
  ]);
});

Deno.test("a step that was too short to be seen is missing, and its time belongs to the one before", () => {
  const it = watching()
    .sees(900, state(starting("creating container"), { times: { created: noted(0), scheduled: noted(1) } }))
    .sees(1_900, state(awake, { times: { ...times, created: noted(0), scheduled: noted(1), running: noted(1) } }))
    .connects(1_905);
  deepEqual(it.tells(), ["awake", "creating container 1", "connecting 0.005"]);
});

Deno.test("whatever a gateway sees of a start, the steps are few, none is negative, and they sum to the whole time", () => {
  const steps: readonly StartStep[] = [
    ...["no pod", "assigning", "scheduling", "creating container", "waiting for readiness"] as const,
  ];
  const phase = fc.oneof(
    fc.constantFrom(...steps).map((step) => starting(step)),
    fc.constantFrom<ViewPhase>(awake, failed()),
  );
  const seen = fc.record({
    phase,
    after: fc.nat({ max: 5_000 }),
    times: fc.option(fc.constantFrom<StartTimes>(times, unready, { created: noted(1) }), { nil: undefined }),
  });
  fc.assert(fc.property(fc.boolean(), fc.array(seen, { minLength: 1, maxLength: 80 }), (isNew, states) => {
    const it = isNew ? new Watching() : watching();
    let now = 10_000;
    for (const { phase, after, times } of states) {
      now += after;
      it.sees(now, state(phase, times && { times }));
    }
    const last = lastStartOf(it.record!, ZERO + now);
    isValid(last);
    if (last.outcome !== "under way") return;
    const sum = last.steps.reduce((sum, { seconds }) => sum + seconds, 0);
    const whole = (ZERO + now - Date.parse(last.at)) / 1000;
    const rounded = last.steps.filter(({ seconds }) => Number.isInteger(seconds)).length;
    equal(Math.abs(sum - whole) <= 0.001 + rounded / 2, true, `${sum} of ${whole}`);
    equal(last.steps.length <= 45, true);
  }));
});
