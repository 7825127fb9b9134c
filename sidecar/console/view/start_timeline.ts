import type { LastStart } from "@view-gateway/types";
import { spanOf } from "../page/time_span.ts";

type Step = LastStart["steps"][number]["step"];

/** A step of a start as a bar. `from` and `width` are in percent of the whole start. */
export interface TimelineBar {
  readonly step: Step;
  /** Seconds after the start began. */
  readonly begin: number;
  readonly seconds: number;
  readonly state: "done" | "under way" | "failed";
  readonly from: number;
  readonly width: number;
}

export interface StartTimeline {
  /** In seconds. */
  readonly total: number;
  readonly bars: readonly TimelineBar[];
}

/** The narrowest bar that can be seen, in percent. */
const NARROWEST = 1;

/**
 * The picture of a start.
 * @param later seconds since the gateway told of it, in which the last step of an unfinished start has gone on
 */
export function startTimeline({ outcome, steps }: LastStart, later: number): StartTimeline {
  const last = steps.length - 1;
  const goesOn = outcome === "under way" ? Math.max(0, later) : 0;
  const lengths = steps.map(({ seconds }, i) => i === last ? seconds + goesOn : seconds);
  const begins = lengths.map((_, i) => sum(lengths.slice(0, i)));
  const total = sum(lengths);
  const percent = (seconds: number) => total === 0 ? 0 : 100 * seconds / total;
  const bars = steps.map(({ step }, i): TimelineBar => {
    const width = Math.max(NARROWEST, percent(lengths[i]!));
    return {
      ...{ step, begin: begins[i]!, seconds: lengths[i]!, width },
      state: i < last || outcome === "awake" ? "done" : outcome,
      from: Math.min(percent(begins[i]!), 100 - width),
    };
  });
  return { total, bars };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The steps in the words of the page that people see while they wait. */
export const STEP_WORDS: Readonly<Record<Step, string>> = {
  "no pod": "Ask Kubernetes for a pod",
  "assigning": "Assign a warm pod",
  "scheduling": "Find a node with room",
  "creating container": "Create the container",
  "waiting for readiness": "Wait until it is ready",
  "connecting": "Connect the gateway",
};

/** Seconds with as many digits as people compare, such as `64 ms`, `1.07 s` and `12.5 s`. */
export function secondsText(seconds: number): string {
  if (seconds >= 60) return spanOf(seconds * 1000);
  if (Number.isInteger(seconds)) return `${seconds} s`;
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return `${Number(seconds.toFixed(seconds < 9.995 ? 2 : 1))} s`;
}

/** A start in one sentence, without its time. */
export function startSentence({ start, outcome }: Pick<LastStart, "start" | "outcome">, total: number): string {
  const kind = start === "warm" ? "Warm start" : start === "cold" ? "Cold start" : "Start";
  const took = secondsText(total);
  switch (outcome) {
    case "awake":
      return `${kind}: awake after ${took}`;
    case "failed":
      return `${kind}: failed after ${took}`;
    case "under way":
      return `${kind}: under way for ${took}`;
  }
}
