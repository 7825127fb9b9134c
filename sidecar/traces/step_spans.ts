import type { RecordedStep, StartRecord } from "../view/start_record.ts";
import type { StartTimes } from "../view/start_times.ts";

/** A span of a start, before it belongs to a trace. Times are in milliseconds since the epoch. */
export interface StepSpan {
  readonly name: RecordedStep;
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | boolean>>;
  /** Why the start failed in this step. */
  readonly failure?: string;
}

/** What is known of a start that has ended. */
export interface EndedStart {
  readonly record: StartRecord;
  /** Kubernetes' reason, where the start has failed. */
  readonly reason: string | undefined;
  /** Kubernetes' own times, in whole seconds. */
  readonly times: StartTimes | undefined;
}

/** The time of Kubernetes' at which each step ends. */
const ENDS: Readonly<Partial<Record<RecordedStep, keyof StartTimes>>> = {
  "no pod": "created",
  scheduling: "scheduled",
  "creating container": "running",
  "waiting for readiness": "ready",
};

/**
 * The steps of a start as spans.
 * @param since steps that were over before are left out: nobody waited for them. Milliseconds since the epoch.
 */
export function stepSpans({ record, reason, times }: EndedStart, since: number): readonly StepSpan[] {
  const { steps, end, view, job, outcome } = record;
  if (end === undefined) return [];
  const common = { [VIEW_UID]: view, "k8s.job.uid": job };
  return steps.map(({ step, at, seen }, i): StepSpan => {
    const next = steps[i + 1] ?? end;
    const ends = ENDS[step];
    const noted = ends && times?.[ends];
    const failed = outcome === "failed" && i === steps.length - 1;
    return {
      name: step,
      start: at,
      end: Math.max(at, next.at),
      attributes: {
        ...common,
        // Nobody saw when such a step began or ended: its times are Kubernetes' own, in whole seconds.
        ...!(seen && next.seen) && { "view_gateway.whole_seconds": true },
        ...noted !== undefined && { "view_gateway.kubernetes_end": noted },
      },
      ...failed && { failure: reason ?? "Ended" },
    };
  }).filter(({ end }) => end >= since);
}

const VIEW_UID = "k8s.service.uid";
