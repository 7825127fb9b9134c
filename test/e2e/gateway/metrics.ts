/**
 * The sum of a metric's values in Prometheus' text format, over the lines that have all of these labels. A metric that has
 * not counted yet may be missing: its sum is 0.
 */
export function metric(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  let sum = 0;
  for (const line of text.split("\n")) {
    const found = /^([A-Za-z0-9_:]+)(\{.*\})? (\S+)$/.exec(line);
    if (found?.[1] !== name) continue;
    const all = Object.entries(labels).every(([label, value]) => found[2]?.includes(`${label}="${value}"`));
    if (all) sum += Number(found[3]);
  }
  return sum;
}
