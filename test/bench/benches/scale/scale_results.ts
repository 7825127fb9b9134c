/** What the bench `scale` reports, from what its parts have measured. */
import type { Curves, Measured } from "../../bench.ts";
import type { Figure } from "../../report/comparison.ts";
import { median, quantile } from "../../report/statistics.ts";
import { awakeFigures } from "./awake_figures.ts";
import type { AwakeSample } from "./many_awake.ts";
import { type ByProcess, type NamespaceSample, OPERATIONS, type SeenView } from "./namespace_sample.ts";
import type { StormSample } from "./reconnect_storm.ts";
import { stormFigures } from "./storm_figures.ts";
import type { WakeTimes } from "./wake_times.ts";

/** By the part's name. */
export type ScaleParts = Readonly<
  Record<string, { readonly data: NamespaceSample | readonly StormSample[] | AwakeSample }>
>;

export function scaleResults(parts: ScaleParts): Measured {
  const { storm, awake, ...sizes } = parts as Record<string, { readonly data: unknown }>;
  const samples = Object.values(sizes).map(({ data }) => data as NamespaceSample)
    .sort((a, b) => a.namespaces - b.namespaces || a.size - b.size);
  return {
    comparisons: [],
    figures: [
      ...samples.flatMap(namespaceFigures),
      ...storm ? stormFigures(storm.data as readonly StormSample[]) : [],
      ...awake ? awakeFigures(awake.data as AwakeSample) : [],
    ],
    curves: curvesOf(samples.filter(({ namespaces }) => namespaces === 1)),
  };
}

/** What the report calls them. */
const NAMES: Readonly<Record<string, string>> = {
  "kube-apiserver": "API server",
  etcd: "etcd",
  "kube-controller-manager": "controller manager",
  "kube-scheduler": "scheduler",
  kwok: "kwok",
  sidecar: "sidecar",
  envoy: "Envoy",
};

export const nameOf = (process: string) => NAMES[process] ?? process;

const took = ({ asked, answered }: SeenView) => answered - asked;

/** From one moment to another; none where a watch told of neither in time. */
function between(
  seen: readonly SeenView[],
  from: keyof WakeTimes | "asked",
  to: keyof WakeTimes | "answered",
): number[] {
  return seen.flatMap(({ asked, answered, times }) => {
    const all = { ...times, asked, answered };
    const [start, end] = [all[from], all[to]];
    return start === undefined || end === undefined ? [] : [end - start];
  });
}

const STEPS = [
  ["request → Job", "asked", "jobCreated"],
  ["Job → pod (Job controller)", "jobCreated", "podCreated"],
  ["pod → node (scheduler)", "podCreated", "podScheduled"],
  ["node → ready (kwok, of which 100 ms are its pauses)", "podScheduled", "podReady"],
  ["ready → request passes (sidecar, Envoy's ACK)", "podReady", "answered"],
  ["ready → EndpointSlice, for which nothing waits", "podReady", "sliceReady"],
] as const;

function namespaceFigures(sample: NamespaceSample): readonly Figure[] {
  const { size, namespaces, wakes, creations } = sample;
  const together = sample.together.flat();
  const where = namespaces === 1 ? `${size} Services` : `${namespaces} namespaces of ${size} Services`;
  const figure = (measure: string, unit: string, values: readonly number[]): readonly Figure[] =>
    values.length === 0 ? [] : [{ what: where, measure, unit, values }];
  const cpu = OPERATIONS.flatMap((operation) =>
    figure(`CPU for one ${operation}: ${inWords(sample.cost[operation])}`, "ms", [sumOf(sample.cost[operation])])
  );
  return [
    ...figure("wake: request → passes", "ms", wakes.map(took)),
    ...STEPS.flatMap(([measure, from, to]) => figure(`wake: ${measure}`, "ms", between(wakes, from, to))),
    ...figure("wake of 20 at once: request → passes", "ms", together.map(took)),
    ...figure("wake of 20 at once: ready → passes", "ms", between(together, "podReady", "answered")),
    ...figure("wake of 20 at once: ready → EndpointSlice", "ms", between(together, "podReady", "sliceReady")),
    ...figure("creation: request → 201", "ms", creations.map(took)),
    ...figure(
      "creation: request → EndpointSlice, for which nothing waits",
      "ms",
      between(creations, "asked", "sliceCreated"),
    ),
    ...cpu,
    ...figure(`CPU for each Service while the namespace is filled: ${inWords(sample.fill)}`, "ms", [
      sumOf(sample.fill),
    ]),
    ...figure("a sidecar's start → all views known", "ms", sample.starts),
    ...figure("CPU of the API server for a sidecar's start", "ms", [sample.startCost["kube-apiserver"] ?? 0]),
    ...figure(`a list of all Services, in ${sample.list.pages} pages`, "MB", [sample.list.bytes / 1e6]),
    ...figure("etcd's database", "MB", [sample.database / 1e6]),
    ...Object.entries(sample.memory).flatMap(([name, bytes]) =>
      figure(`memory of ${nameOf(name)}`, "MB", [bytes / 1e6])
    ),
    ...figure("load average of a minute, after each part", "processes", sample.load),
  ];
}

const sumOf = (cost: ByProcess) => Object.values(cost).reduce((sum, value) => sum + value, 0);

/** The processes that took most, the first first. */
function inWords(cost: ByProcess): string {
  return Object.entries(cost).filter(([, value]) => value >= 0.05).sort(([, a], [, b]) => b - a)
    .map(([name, value]) => `${nameOf(name)} ${value.toFixed(1)}`).join(", ");
}

function curvesOf(samples: readonly NamespaceSample[]): readonly Curves[] {
  if (samples.length < 2) return [];
  const x = "Services in the namespace";
  const shown = ["kube-controller-manager", "kube-apiserver", "etcd", "sidecar"];
  const byProcess = (title: string, y: string, of: (sample: NamespaceSample) => ByProcess): Curves => ({
    ...{ title, x, y },
    points: shown.flatMap((name) =>
      samples.map((sample) => ({ who: nameOf(name), x: sample.size, y: of(sample)[name] ?? 0 })).filter(({ y }) =>
        y > 0
      )
    ),
  });
  const line = (who: string, of: (sample: NamespaceSample) => readonly number[]) =>
    samples.filter((sample) => of(sample).length > 0).map((sample) => ({
      ...{ who, x: sample.size },
      y: Math.max(0.1, median(of(sample))),
    }));
  return [
    byProcess("CPU for one wake", "ms of CPU for one wake", ({ cost }) => cost.wake),
    byProcess("CPU for one creation", "ms of CPU for one creation", ({ cost }) => cost.creation),
    {
      ...{ title: "A wake in its parts", x, y: "ms, median" },
      points: [
        ...line("request → passes", ({ wakes }) => wakes.map(took)),
        ...line("ready → passes", ({ wakes }) => between(wakes, "podReady", "answered")),
        ...line("ready → slice", ({ wakes }) => between(wakes, "podReady", "sliceReady")),
        ...line("… of 20 at once", ({ together }) => between(together.flat(), "podReady", "sliceReady")),
      ],
    },
    byProcess("Memory", "MB", ({ memory }) => inMegabytes(memory)),
  ];
}

const inMegabytes = (memory: ByProcess) =>
  Object.fromEntries(Object.entries(memory).map(([name, bytes]) => [name, bytes / 1e6]));

/** The median and the highest hundredth, for lists too long to show. */
export function spread(what: string, measure: string, unit: string, values: readonly number[]): readonly Figure[] {
  if (values.length === 0) return [];
  return [
    { what, measure: `p50 of ${measure}`, unit, values: [median(values)] },
    { what, measure: `p99 of ${measure}`, unit, values: [quantile(values, 0.99)] },
  ];
}
