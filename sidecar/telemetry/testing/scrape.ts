import type { Labels } from "../metric.ts";

/** One metric of a scrape in Prometheus' text format. */
export interface Scraped {
  readonly type: string;
  readonly help: string | undefined;
  /** The labels of its series; of a histogram, one for all of its buckets. */
  readonly series: readonly Labels[];
}

/** The metrics of a scrape, by name. */
export function scraped(text: string): Readonly<Record<string, Scraped>> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return Object.fromEntries(types.map(([, name = "", type = ""]) => {
    const help = new RegExp(`^# HELP ${name} (.+)$`, "m").exec(text)?.[1];
    const lines = text.matchAll(new RegExp(`^${name}${type === "histogram" ? "_count" : ""}(\\{.*\\})? `, "gm"));
    return [name, { type, help, series: [...lines].map(([, labels = ""]) => labelsIn(labels)) }];
  }));
}

function labelsIn(text: string): Labels {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]));
}
