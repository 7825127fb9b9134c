/** The values of a series' labels. */
export type Labels = Readonly<Record<string, string>>;

/** What a metric is. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  /** For people who read the scrape, and docs/METRICS.md. */
  readonly help: string;
  /** The series that exist from the start, by their labels. */
  readonly series: readonly Labels[];
  /** Labels that can have any value, in the order of a series' labels. Such series exist once there is something to tell of. */
  readonly open?: readonly string[];
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[];
  /** The variable without which the metric is missing. */
  readonly only?: string;
}

/** A metric's entry in a table, where `series` is missing for a metric without labels. */
type Entry = Omit<Metric, "type" | "series"> & { readonly series?: readonly Labels[] };

const ALONE: readonly Labels[] = [{}];

const of = <Type extends Metric["type"]>(type: Type) => (help: string, entry: Omit<Entry, "help"> = {}) => ({
  series: ALONE,
  ...entry,
  help,
  type,
});

export const counter = of("counter");
export const gauge = of("gauge");
export const histogram = of("histogram");

/** A series for each value of a label. */
export function each(label: string, values: readonly string[]): { readonly series: readonly Labels[] } {
  return { series: values.map((value) => ({ [label]: value })) };
}

/** The names of all labels of a metric. */
export function labelNames({ series, open = [] }: Metric): readonly string[] {
  return [...new Set([...series.flatMap((labels) => Object.keys(labels)), ...open])];
}
