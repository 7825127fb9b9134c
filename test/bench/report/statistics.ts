import { linearRegression, median as medianOf, quantile as quantileOf } from "simple-statistics";

export function median(values: readonly number[]): number {
  return medianOf([...values]);
}

/** The value below which this share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  return quantileOf([...values], share);
}

/** How a server does under a load: what it answered in a second, and how long the slowest hundredth waited. */
export interface Loaded {
  readonly rate: number;
  readonly p99: number;
}

/**
 * The rate that a server reaches while its p99 stays within a limit, between the loads that were measured; undefined
 * where it never does.
 */
export function rateAt(curve: readonly Loaded[], p99: number): number | undefined {
  let best: number | undefined;
  for (const [i, point] of curve.entries()) {
    const reached = point.p99 <= p99 ? point.rate : crossing(curve[i - 1], point, p99);
    if (reached !== undefined && (best === undefined || reached > best)) best = reached;
  }
  return best;
}

/** Between two loads, the first of which is within the limit and the second is not. */
function crossing(before: Loaded | undefined, after: Loaded, p99: number): number | undefined {
  if (before === undefined || before.p99 > p99) return undefined;
  const share = (p99 - before.p99) / (after.p99 - before.p99);
  return before.rate + share * (after.rate - before.rate);
}

/** What one more costs: the slope of the line that fits best. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  return linearRegression(points.map(({ x, y }) => [x, y])).m;
}
