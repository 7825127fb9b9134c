import { median } from "./statistics.ts";

/** One quantity of ours beside the same one of a peer, measured in turns: a value for each round. */
export interface Comparison {
  /** What was done, e.g. `HTTP/2, 1 MB`. */
  readonly what: string;
  /** What was measured, e.g. `p99`. */
  readonly measure: string;
  readonly unit: string;
  readonly ours: readonly number[];
  readonly peer: string;
  readonly peers: readonly number[];
  readonly goal?: Goal;
  /** A sentence's beginning for whoever reads one table only; most comparisons have none. */
  readonly headline?: string;
}

/** What the ratio ours / peer is to be. */
export interface Goal {
  readonly be: "at least" | "at most";
  readonly ratio: number;
}

/** A quantity without a peer. */
export interface Figure {
  readonly what: string;
  readonly measure: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly goal?: { readonly be: "at least" | "at most"; readonly value: number };
  readonly headline?: string;
}

export interface Evaluated {
  readonly ours: number;
  readonly peer: number;
  /** Of the rounds' ratios: their median, least and greatest. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Undefined where there is no goal. */
  readonly met: boolean | undefined;
}

/** Each round's two values were measured one right after the other, so it is their ratio that is compared. */
export function evaluate({ ours, peers, goal }: Pick<Comparison, "ours" | "peers" | "goal">): Evaluated {
  if (ours.length !== peers.length) {
    throw new RangeError(`${ours.length} rounds of ours, ${peers.length} of the peer's`);
  }
  const ratios = ours.map((value, round) => value / peers[round]!);
  const ratio = median(ratios);
  return {
    ours: median(ours),
    peer: median(peers),
    ratio,
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    met: goal && meets(ratio, goal.be, goal.ratio),
  };
}

/** How many times as good as the peer's ours is, whether more is better or less. */
export interface Advantage {
  readonly times: number;
  readonly low: number;
  readonly high: number;
  readonly goal: number;
  readonly met: boolean;
}

/** Undefined where there is no goal, which would say what is good. */
export function advantage(comparison: Comparison): Advantage | undefined {
  const { goal } = comparison;
  if (goal === undefined) return undefined;
  const { ratio, low, high, met = false } = evaluate(comparison);
  return goal.be === "at least"
    ? { times: ratio, low, high, goal: goal.ratio, met }
    : { times: 1 / ratio, low: 1 / high, high: 1 / low, goal: 1 / goal.ratio, met };
}

/** Numbers are compared as they are shown: a goal of 1.02 is met by 1.024. */
export function meets(value: number, be: "at least" | "at most", limit: number): boolean {
  const shown = Math.round(value * 100) / 100;
  return be === "at least" ? shown >= limit : shown <= limit;
}
