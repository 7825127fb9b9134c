import { median } from "./statistics.ts";

/** A quantity of the gateway and of a peer, measured in turns. Each has a value for each round. */
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
  /** The beginning of a sentence in the report's first table. Most comparisons have none. */
  readonly headline?: string;
}

/** The goal for the ratio ours / peer. */
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
  /** The median, the lowest and the highest of the rounds' ratios. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Undefined if there is no goal. */
  readonly met: boolean | undefined;
}

/** The two values of a round are measured right after each other, so their ratio counts. */
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
