import { events, of, rate, type Story } from "./alert_story.ts";

/** Two counters, of which `bad` grows in the hour of the fault by so many a minute. */
export const share = (name: string, bad: string, good: string, badly: number, well: number) => ({
  [of(name, { outcome: bad })]: rate(0, badly),
  [of(name, { outcome: good })]: rate(0, well),
});

/**
 * A share of failures that goes on for more than 7 minutes.
 * @param bad all outcomes that are failures
 * @param good all other outcomes of what was tried
 */
export function shareStories(
  name: string,
  bad: readonly [string, ...string[]],
  { good, other, most }: {
    readonly good: readonly [string, ...string[]];
    readonly other: string;
    readonly most: number;
  },
): readonly Story[] {
  const fires = { from: 7, to: 65, labels: [{ namespace: "view-gateway" }] };
  const more = (failure: string) => ({
    what: `more than ${most} % are ${failure}`,
    series: share(name, failure, good[0], most + 1, 99 - most),
    fires,
  });
  const just = (failure: string, success: string) => ({
    what: `just ${most} % are ${failure}, the others ${success}`,
    series: share(name, failure, success, most, 100 - most),
  });
  return [
    ...bad.map(more),
    ...bad.map((failure) => just(failure, good[0])),
    ...good.slice(1).map((success) => just(bad[0], success)),
    {
      what: `one alone is ${bad[0]}`,
      series: { [of(name, { outcome: bad[0] })]: events(1), [of(name, { outcome: good[0] })]: rate(0, 0) },
    },
    {
      what: `all are ${bad[0]} for a minute and a half, and nothing else happens`,
      series: { [of(name, { outcome: bad[0] })]: events(0, 0.5, 1, 1.5), [of(name, { outcome: good[0] })]: rate(0, 0) },
    },
    { what: `all are ${other}`, series: share(name, other, good[0], 100, 0) },
  ];
}
