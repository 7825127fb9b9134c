/** What the bench `wake` reports of warm pools, from what it has measured. */
import type { Measured } from "../../bench.ts";
import type { Comparison, Figure } from "../../report/comparison.ts";
import { median, quantile } from "../../report/statistics.ts";

/** The first request of a view. Moments are in milliseconds since the epoch. */
export interface FirstRequest {
  readonly sent: number;
  /** When a watch shows that a pod of the pool belongs to the view; undefined where none ever does. */
  readonly claimed: number | undefined;
  /** When the first byte of the answer is there. */
  readonly answered: number;
}

/** Views of one kind: those whose template has a pool, and those without. Each round has one view, or all of a crowd. */
export interface PoolSamples {
  readonly what: string;
  /** How many pods wait, and how many views wake at once. */
  readonly size: number;
  readonly crowd: number;
  readonly alone: Turns;
  readonly together: Turns;
  /** Milliseconds from a claim until the pool was full again. */
  readonly refills: readonly number[];
}

interface Turns {
  /** Views with a pool. */
  readonly ours: readonly (readonly FirstRequest[])[];
  readonly peers: readonly (readonly FirstRequest[])[];
}

const GOALS = { p50: 100, p95: 250 } as const;

/** A miss costs one more write, and so hardly anything beside a start. */
const MISS = { be: "at most", ratio: 1.1 } as const;

const MEASURE = "request → first byte";

export function poolResults(samples: readonly PoolSamples[]): Required<Pick<Measured, "comparisons" | "figures">> {
  return { comparisons: samples.flatMap(comparisonsOf), figures: samples.flatMap(figuresOf) };
}

const took = ({ sent, answered }: FirstRequest) => answered - sent;
const claims = (round: readonly FirstRequest[]) => round.filter(({ claimed }) => claimed !== undefined);
const misses = (round: readonly FirstRequest[]) => round.filter(({ claimed }) => claimed === undefined);

function comparisonsOf({ what, size, crowd, alone, together }: PoolSamples): readonly Comparison[] {
  const missed = together.ours.map((round, i) => ({ ours: misses(round), peers: together.peers[i]! }))
    .filter(({ ours }) => ours.length > 0);
  return [
    {
      ...{ what: `${what}, from a warm pool`, measure: MEASURE, unit: "ms", peer: "a cold start" },
      ...{ ours: alone.ours.flat().map(took), peers: alone.peers.flat().map(took) },
      headline: `The first request of a view that sleeps: ${what} from a warm pool`,
    },
    {
      ...{
        what: `${what}, ${crowd} at once from a pool of ${size}: those that start cold`,
        measure: `p50 of ${MEASURE}`,
      },
      ...{ unit: "ms", peer: `${crowd} without a pool`, goal: MISS },
      ours: missed.map(({ ours }) => median(ours.map(took))),
      peers: missed.map(({ peers }) => median(peers.map(took))),
    },
  ];
}

function figuresOf({ what, size, crowd, alone, together, refills }: PoolSamples): readonly Figure[] {
  const warm = `${what}, from a warm pool`;
  const crowded = `${what}, ${crowd} at once from a pool of ${size}`;
  const claimed = claims(alone.ours.flat());
  const [p50, p95] = quantilesOf(warm, alone.ours.flat());
  const toClaim = claimed.map(({ sent, claimed }) => claimed! - sent);
  const fromClaim = claimed.map(({ claimed, answered }) => answered - claimed!);
  const counts = together.ours.map((round) => claims(round).length);
  return [
    ...p50 ? [p50] : [],
    ...p95 ? [{ ...p95, headline: `The first request of a view that sleeps, p95: ${warm}` }] : [],
    ...figure(warm, "p50 of request → claim, as a watch shows it", toClaim, median),
    ...figure(warm, "p50 of claim → first byte", fromClaim, median),
    ...figure(warm, "p50 of claim → the pool is full again", refills, median),
    ...figure(warm, "longest of claim → the pool is full again", refills, (all) => Math.max(...all)),
    ...quantilesOf(`${crowded}: those that claim`, together.ours.flatMap(claims)),
    { what: crowded, measure: "claimed", unit: "views", values: counts, goal: { be: "at least", value: size } },
  ];
}

function quantilesOf(what: string, requests: readonly FirstRequest[]): readonly Figure[] {
  const all = requests.map(took);
  return (["p50", "p95"] as const).flatMap((name) => {
    const [found] = figure(what, `${name} of ${MEASURE}`, all, (all) => quantile(all, name === "p50" ? 0.5 : 0.95));
    return found ? [{ ...found, goal: { be: "at most", value: GOALS[name] } as const }] : [];
  });
}

/** None where nothing was measured. */
function figure(
  what: string,
  measure: string,
  values: readonly number[],
  of: (values: readonly number[]) => number,
): readonly Figure[] {
  return values.length === 0 ? [] : [{ what, measure, unit: "ms", values: [of(values)] }];
}
