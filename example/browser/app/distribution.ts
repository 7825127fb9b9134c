/** How a column's values are spread, as bars. */
import type { Bars } from "../../ui/chart.ts";
import { cell, short } from "../../ui/format.ts";
import { ticks } from "../../ui/ticks.ts";

const bins = 40;
const mostNames = 15;
const mostWholes = 24;

/** `undefined` where there is nothing to see. */
export function distributionOf(column: string, values: readonly unknown[]): Bars | undefined {
  const known = values.filter((value) => value !== null && value !== undefined);
  const first = known[0];
  if (first === undefined) return undefined;
  const title = `Rows by ${column}`;
  if (first instanceof Date) return { title, measure: "rows", bars: moments(known as Date[]), ordered: true };
  if (typeof first === "number" || typeof first === "bigint") {
    return { title, measure: "rows", bars: numbers(known.map(Number)), ordered: true };
  }
  if (typeof first === "string" || typeof first === "boolean") {
    return { title, measure: "rows", bars: names(known.map(String)), ordered: false };
  }
  return undefined;
}

type Bar = Bars["bars"][number];

function names(values: readonly string[]): readonly Bar[] {
  const counted = [...counts(values)].sort((a, b) => b[1] - a[1]);
  const shown = counted.slice(0, mostNames).map(([label, value]) => ({ label, value }));
  const others = counted.slice(mostNames);
  if (others.length === 0) return shown;
  const rest = others.reduce((sum, [, count]) => sum + count, 0);
  return [...shown, { label: `${others.length} others`, value: rest }];
}

function numbers(values: readonly number[]): readonly Bar[] {
  const counted = counts(values);
  if (counted.size <= mostWholes) {
    return [...counted].sort(([a], [b]) => a - b).map(([number, value]) => ({ label: cell(number), value }));
  }
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  // Round limits.
  const [zero = 0, one = 1] = ticks(0, high - low, bins);
  const step = one - zero;
  return binned(values, Math.floor(low / step) * step, step, short);
}

const minute = 60_000;
const spans = [
  1000,
  minute,
  5 * minute,
  15 * minute,
  60 * minute,
  6 * 60 * minute,
  24 * 60 * minute,
  7 * 24 * 60 * minute,
];

function moments(values: readonly Date[]): readonly Bar[] {
  const times = values.map((value) => value.getTime());
  const low = times.reduce((a, b) => Math.min(a, b));
  const high = times.reduce((a, b) => Math.max(a, b));
  const step = spans.find((span) => (high - low) / span <= bins * 1.5) ?? (high - low) / bins;
  // Within a day the day is known.
  const label = (time: number) => {
    const iso = new Date(time).toISOString();
    return step < 24 * 60 * minute ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(0, 10);
  };
  return binned(times, Math.floor(low / step) * step, step, label);
}

function binned(
  values: readonly number[],
  start: number,
  step: number,
  label: (value: number) => string,
): readonly Bar[] {
  const found = counts(values.map((value) => Math.floor((value - start) / step + 1e-9)));
  const last = Math.max(...found.keys());
  return Array.from({ length: last + 1 }, (_, index) => ({
    label: label(start + index * step),
    value: found.get(index) ?? 0,
  }));
}

function counts<T>(values: readonly T[]): Map<T, number> {
  const found = new Map<T, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}
