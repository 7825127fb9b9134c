/** Round values for an axis from 0, or from `low` where that is below, up to at least `high`. */
export function ticks(low: number, high: number, about = 4): readonly number[] {
  const bottom = Math.min(0, low);
  const top = Math.max(0, high);
  if (top === bottom) return [0, 1];
  const rough = (top - bottom) / about;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  const first = Math.floor(bottom / step);
  const last = Math.ceil(top / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
