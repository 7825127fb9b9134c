import { events, of, rate, type Story } from "./alert_story.ts";

/** Two counters, of which `bad` grows in the hour of the fault by so many a minute. */
export const share = (name: string, bad: string, good: string, badly: number, well: number) => ({
  [of(name, { outcome: bad })]: rate(0, badly),
  [of(name, { outcome: good })]: rate(0, well),
});

/**
 * A share of failures that goes on for more than 5 minutes.
 * @param bad all outcomes that are failures
 */
export function shareStories(
  name: string,
  [bad = "", ...others]: readonly string[],
  { good, other, most }: { readonly good: string; readonly other: string; readonly most: number },
): readonly Story[] {
  const fires = { from: 5, to: 65, labels: [{ namespace: "view-gateway" }] };
  const more = (bad: string) => ({
    what: `more than ${most} % are ${bad}`,
    series: share(name, bad, good, most + 1, 99 - most),
    fires,
  });
  return [
    ...[bad, ...others].map(more),
    { what: `just ${most} % are ${bad}`, series: share(name, bad, good, most, 100 - most) },
    {
      what: `one alone is ${bad}`,
      series: { [of(name, { outcome: bad })]: events(1), [of(name, { outcome: good })]: rate(0, 0) },
    },
    { what: `all are ${other}`, series: share(name, other, good, 100, 0) },
  ];
}
