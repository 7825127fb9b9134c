import type { LastStart } from "@view-gateway/types";
import type { StartAttempt, StartKind, StartStep, ViewPhase, ViewState } from "./state.ts";
import type { StartTimes } from "./start_times.ts";

/** What a view waits for while it starts; at last, that Envoy takes its endpoints. */
export type RecordedStep = StartStep | "connecting";

/** A time in milliseconds since the epoch. */
interface Moment {
  readonly at: number;
  /** This gateway saw it; otherwise Kubernetes noted it, in whole seconds. */
  readonly seen: boolean;
}

/** A step, and when it began. It lasts until the next one begins. */
interface BegunStep extends Moment {
  readonly step: RecordedStep;
}

/** What this gateway knows of the last start of a view. */
export interface StartRecord {
  /** UID of the view's Service. */
  readonly view: string;
  /** UID of the start's Job. */
  readonly job: string;
  /** When the Job was created, in milliseconds since the epoch. */
  readonly at: number;
  readonly start?: StartKind;
  readonly outcome: LastStart["outcome"];
  readonly steps: readonly BegunStep[];
  /** Missing while the start is under way, or if nobody knows it. */
  readonly end?: Moment;
}

/** Most steps of a record: a Job may replace its pod many times. Further steps count to the last one. */
const MOST_STEPS = 40;

/** Kubernetes' timestamps are whole seconds: they say nothing of what happens within this time, in milliseconds. */
const TOO_SHORT = 2_000;

/**
 * The record after a change of the view's state; the same object if nothing is new.
 * @param before undefined if the view is new to this gateway: then it may have started before
 * @param now milliseconds since the epoch
 */
export function startRecordOf(
  record: StartRecord | undefined,
  after: ViewState | undefined,
  before: ViewState | undefined,
  now: number,
): StartRecord | undefined {
  if (after === undefined) return undefined;
  const { uid, phase, attempt, start } = after;
  const own = record?.view === uid ? record : undefined;
  const job = jobOf(phase);
  if (job === undefined || attempt === undefined) return own && ended(own, undefined, now);
  const isWatched = before?.uid === uid;
  // The record of such a Job is forgotten.
  if (own?.job !== job && isWatched && jobOf(before.phase) === job) return own;
  const known = own?.job === job ? own : met({ view: uid, job, attempt, phase, isWatched }, now);
  return withStart(continued(known, phase, attempt, now), start);
}

/** The record when Envoy has taken the view's endpoints, or has refused them. */
export function connected(record: StartRecord, outcome: "awake" | "failed", now: number): StartRecord {
  return { ...record, outcome, end: { at: now, seen: true } };
}

/** Whether the start waits for nothing but Envoy. */
export function isConnecting({ outcome, steps }: StartRecord): boolean {
  return outcome === "under way" && steps.at(-1)?.step === "connecting";
}

/** The record as the API shows it. */
export function lastStartOf({ at, start, outcome, steps, end }: StartRecord, now: number): LastStart {
  const ends: readonly (Moment | undefined)[] = [...steps.slice(1), end ?? { at: now, seen: true }];
  return {
    at: new Date(at).toISOString(),
    ...start !== undefined && { start },
    outcome,
    steps: steps.map((begun, i) => ({ step: begun.step, seconds: secondsBetween(begun, ends[i] ?? begun) })),
  };
}

/** Whole seconds, unless both times were seen. */
function secondsBetween(begin: Moment, end: Moment): number {
  const milliseconds = Math.max(0, end.at - begin.at);
  return begin.seen && end.seen ? Math.round(milliseconds) / 1000 : Math.round(milliseconds / 1000);
}

function jobOf(phase: ViewPhase): string | undefined {
  return phase.kind === "asleep" ? undefined : phase.job;
}

interface Met {
  readonly view: string;
  readonly job: string;
  readonly attempt: StartAttempt;
  readonly phase: ViewPhase;
  /** Whether this gateway has watched the view before it had this Job. */
  readonly isWatched: boolean;
}

/** The record of a Job that this gateway has not seen before. */
function met({ view, job, attempt, phase, isWatched }: Met, now: number): StartRecord {
  const noted = notedSteps(attempt);
  const [{ at }] = noted;
  const last = noted.at(-1) ?? noted[0];
  const steps = noted.filter(({ step }) => step !== "connecting");
  const record = { view, job, at, outcome: "under way", steps } as const;
  if (isWatched && phase.kind === "starting" && last.at - at < TOO_SHORT) return { ...record, at: now, steps: [] };
  if (isWatched || phase.kind !== "awake") return record;
  // When Envoy took the endpoints is not known: the start ended when the pod was ready, as far as Kubernetes has noted it.
  const isWhole = last.step === "connecting";
  return { ...record, outcome: "awake", steps: isWhole ? steps : [], ...isWhole && { end: last } };
}

/** The steps of a start with a new pod, as far as Kubernetes has noted when they began. */
function notedSteps({ createdAt, times }: StartAttempt): readonly [BegunStep, ...BegunStep[]] {
  const first = { step: "no pod", at: timeOf(createdAt) ?? 0, seen: false } as const;
  return [first, ...times === undefined ? [] : stepsOf(times)];
}

const NOTED: readonly (readonly [RecordedStep, keyof StartTimes])[] = [
  ["scheduling", "created"],
  ["creating container", "scheduled"],
  ["waiting for readiness", "running"],
  ["connecting", "ready"],
];

function stepsOf(times: StartTimes): readonly BegunStep[] {
  return NOTED.flatMap(([step, name]) => {
    const at = timeOf(times[name]);
    return at === undefined ? [] : { step, at, seen: false };
  });
}

function timeOf(time: string | undefined): number | undefined {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? undefined : at;
}

/** The record with what the phase of its Job tells. What comes after a start is no part of it. */
function continued(record: StartRecord, phase: ViewPhase, attempt: StartAttempt, now: number): StartRecord {
  if (record.outcome === "awake") return record;
  switch (phase.kind) {
    case "starting":
      return reached(record, phase.step, attempt, now);
    case "awake":
      return reached(record, "connecting", attempt, now);
    case "failed":
      return ended(record, attempt, now);
    case "asleep":
      return record;
  }
}

/** The record of a start that is at this step. A start that has failed may go on, such as one for which no node had room. */
function reached(record: StartRecord, step: RecordedStep, attempt: StartAttempt, now: number): StartRecord {
  const { steps, end: _end, ...others } = record;
  const going = { ...others, outcome: "under way" } as const;
  const last = steps.at(-1);
  if (last?.step === step || steps.length >= MOST_STEPS) {
    return record.outcome === "under way" ? record : { ...going, steps };
  }
  return { ...going, steps: [...steps, ...missedSteps(last, step, attempt, now), { step, at: now, seen: true }] };
}

/** The steps between these, which this gateway has not seen, if Kubernetes' timestamps can tell them apart. */
function missedSteps(
  last: BegunStep | undefined,
  next: RecordedStep,
  { times }: StartAttempt,
  now: number,
): readonly BegunStep[] {
  if (last === undefined || times === undefined || now - last.at < TOO_SHORT) return [];
  return stepsOf(times).filter(({ step }) => isBefore(last.step, step) && isBefore(step, next))
    .map((begun) => ({ ...begun, at: Math.min(now, Math.max(last.at, begun.at)) }));
}

/** Whether a start with a new pod comes to the one step before the other. */
function isBefore(step: RecordedStep, other: RecordedStep): boolean {
  const order: readonly RecordedStep[] = ["no pod", ...NOTED.map(([step]) => step)];
  return order.indexOf(step) < order.indexOf(other);
}

/** The steps of a start that has failed, up to the one in which it failed: that may have been too short to be seen. */
function failedSteps({ steps }: StartRecord, attempt: StartAttempt | undefined, now: number): readonly BegunStep[] {
  const last = steps.at(-1);
  if (last === undefined || attempt?.times === undefined) return steps;
  const missed = missedSteps(last, "connecting", attempt, now);
  if (missed.length > 0) return [...steps, ...missed];
  const noted = stepsOf(attempt.times).findLast(({ step }) => step !== "connecting");
  return noted && isBefore(last.step, noted.step) ? [...steps, { step: noted.step, at: now, seen: true }] : steps;
}

/** The record of a start that has ended. If the view was awake, only Envoy had not yet said so. */
function ended(record: StartRecord, attempt: StartAttempt | undefined, now: number): StartRecord {
  if (record.outcome !== "under way") return record;
  const noted = record.steps.every(({ seen }) => !seen) ? timeOf(attempt?.failedAt) : undefined;
  const end = noted === undefined ? { at: now, seen: true } : { at: noted, seen: false };
  if (isConnecting(record)) return { ...record, outcome: "awake", end };
  return { ...record, outcome: "failed", steps: failedSteps(record, attempt, now), end };
}

function withStart(record: StartRecord, start: StartKind | undefined): StartRecord {
  return start === undefined || record.start === start || record.outcome === "failed" ? record : { ...record, start };
}
