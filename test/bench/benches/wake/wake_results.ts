/** What the bench `wake` reports, from what it has measured. */
import type { Measured } from "../../bench.ts";
import type { Comparison, Figure } from "../../report/comparison.ts";
import { quantile } from "../../report/statistics.ts";

/** The start of one view. Moments are in milliseconds since the epoch. */
export interface Woken {
  /** When its port accepts; -Infinity if it always did. */
  readonly accepted: number;
  /** When the kubelet reports its address. */
  readonly addressed: number | undefined;
  /** When the kubelet reports that the pod is ready. */
  readonly reported: number | undefined;
  /** When the first byte of the answer is there. */
  readonly answered: number;
}

/** Views on the simulated node: one after the other, and then all at once. */
export interface Round {
  readonly alone: readonly Woken[];
  readonly together: readonly Woken[];
}

export interface WakeSamples {
  readonly alone: readonly Woken[];
  readonly loading: readonly Woken[];
  readonly together: readonly Woken[];
  readonly simulated: readonly Round[];
  readonly crowd: number;
  readonly stampede: Stampede;
  readonly requests: number;
}

/** Many requests at once for one view that is asleep. */
export interface Stampede {
  readonly jobs: number;
  readonly assumed: number;
  readonly good: number;
  /** Milliseconds that each request took, all from the same start. */
  readonly took: readonly number[];
}

export function wakeResults(samples: WakeSamples, loadsFor: number): Measured {
  const loads = `one view that loads for ${loadsFor} s`;
  return {
    comparisons: [
      besideKubelet("one view", samples.alone),
      besideKubelet(loads, samples.loading),
      ...manyAtOnce(samples),
    ],
    figures: [
      ...figuresOfOne(samples.alone),
      ...portToFirstByte(loads, samples.loading),
      ...figuresOfStampede(samples.stampede, samples.requests),
    ],
  };
}

/** From the moment at which the port accepts to the first byte, in milliseconds. */
const added = ({ answered, accepted }: Woken) => answered - accepted;

function besideKubelet(what: string, woken: readonly Woken[]): Comparison {
  const reported = woken.filter((one): one is Woken & { reported: number } => one.reported !== undefined);
  return {
    ...{ what, measure: "port accepts → first byte", unit: "ms", peer: "the kubelet's report" },
    ours: reported.map(added),
    peers: reported.map(({ reported, accepted }) => reported - accepted),
  };
}

function manyAtOnce({ alone, together, simulated, crowd }: WakeSamples): readonly Comparison[] {
  const at = { what: `${crowd} views at once`, unit: "ms", peer: "one view alone" };
  const p95 = (woken: readonly Woken[]) => quantile(woken.map(added), 0.95);
  const p95s = (of: keyof Round) => simulated.map((round) => quantile(afterAddress(round[of]), 0.95));
  const goal = { be: "at most", ratio: 2 } as const;
  return [
    { ...at, measure: "p95 of port accepts → first byte", ours: [p95(together)], peers: [p95(alone)] },
    {
      ...{ ...at, measure: "p95 of port accepts and address known → first byte", goal },
      ...{ ours: [quantile(afterAddress(together), 0.95)], peers: [quantile(afterAddress(alone), 0.95)] },
    },
    ...simulated.length === 0 ? [] : [{
      ...{ ...at, what: `${crowd} views at once on a simulated node`, measure: "p95 of address known → first byte" },
      ...{ ours: p95s("together"), peers: p95s("alone"), goal },
    }],
  ];
}

function figuresOfOne(alone: readonly Woken[]): readonly Figure[] {
  const [p50, p95] = portToFirstByte("one view", alone);
  const known = quantiles("one view", "port accepts and address known → first byte", afterAddress(alone));
  return [
    { ...p50, headline: "From the moment a view's port accepts to the first byte, p50" },
    p95,
    ...known,
  ];
}

function portToFirstByte(what: string, woken: readonly Woken[]): readonly [Figure, Figure] {
  return quantiles(what, "port accepts → first byte", woken.map(added));
}

function quantiles(what: string, measure: string, values: readonly number[]): readonly [Figure, Figure] {
  const figure = (name: string, share: number, value: number): Figure => ({
    ...{ what, measure: `${name} of ${measure}`, unit: "ms" },
    ...{ values: [quantile(values, share)], goal: { be: "at most", value } },
  });
  return [figure("p50", 0.5, 50), figure("p95", 0.95, 100)];
}

function figuresOfStampede({ jobs, assumed, good, took }: Stampede, requests: number): readonly Figure[] {
  const what = `${requests} requests at once for one view`;
  const least = Math.min(...took);
  return [
    { what, measure: "Jobs created", unit: "Jobs", values: [jobs], goal: { be: "at most", value: 1 } },
    { what, measure: "AssumeRoles", unit: "calls", values: [assumed], goal: { be: "at most", value: 1 } },
    {
      ...{ what, measure: "answered 200", unit: "requests", values: [good], goal: { be: "at least", value: requests } },
      headline: `Of ${requests} requests at once for a view that is asleep, answered 200`,
    },
    {
      ...{ what, measure: "p99 after the first answer", unit: "ms", values: [quantile(took, 0.99) - least] },
      goal: { be: "at most", value: 100 },
    },
  ];
}

/** What the gateway adds once the port accepts and Kubernetes has published the address. A gateway can only shorten this part. */
function afterAddress(woken: readonly Woken[]): readonly number[] {
  return woken.flatMap(({ answered, accepted, addressed }) =>
    addressed === undefined ? [] : [answered - Math.max(accepted, addressed)]
  );
}
