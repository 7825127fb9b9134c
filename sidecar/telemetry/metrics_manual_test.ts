import { deepEqual, equal } from "node:assert/strict";
import type { WatchedObjects } from "../kubernetes/watch/watched_resource.ts";
import { Metrics } from "./metrics.ts";
import { REASONS } from "../view/reasons.ts";

const RESOURCES: Record<keyof WatchedObjects, number> = { services: 0, jobs: 0, pods: 0, events: 0 };
const metrics = () => {
  const metrics = new Metrics();
  metrics.read({
    held: () => 0,
    heldBytes: () => 0,
    watchAges: () => RESOURCES,
    pools: () => [{ template: "duckdb", wanted: 0, ready: 0, starting: 0, ended: 0 }],
    certificate: { secondsLeft: 0, problems: [] },
  });
  return metrics;
};
const manual = await Deno.readTextFile(new URL("../../docs/OPERATIONS.md", import.meta.url));

/** What the manual says of each metric: its type, and the values of each label. */
function documented(): Readonly<Record<string, unknown>> {
  const rows = [...manual.matchAll(/^\| `([a-z_]+)` +\| (gauge|counter|histogram) +\| ([^|]*)\|/gm)];
  return Object.fromEntries(rows.map(([, name, type, labels = ""]) => [name, [type, labelsIn(labels)]]));
}

/** ``  `phase`: `asleep`, `awake`; `other`: `a` `` */
function labelsIn(cell: string): Readonly<Record<string, readonly string[]>> {
  const labels = cell.split(";").map(wordsIn).filter((words) => words.length > 0);
  return Object.fromEntries(
    labels.map(([label, ...values]) => [label, (label === "reason" ? reasons() : values).sort()]),
  );
}

/** They stand in two lists below the table, by owner. */
function reasons(): string[] {
  const lists = [...manual.matchAll(/^- (`(view|platform)`: [^]*?)(?=\n- |\n\n)/gm)];
  return lists.flatMap(([, list, owner]) => wordsIn(list!).slice(1).filter((reason) => REASONS[reason] === owner));
}

function wordsIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);
}

/** What a sidecar gives that has just started. */
async function registered(): Promise<Readonly<Record<string, unknown>>> {
  const text = await metrics().text();
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return Object.fromEntries(types.map(([, name, type]) => {
    const values: Record<string, Set<string>> = {};
    for (const [, labels] of text.matchAll(new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, "gm"))) {
      for (const [, label, value] of labels!.matchAll(/([a-z]+)="([^"]*)"/g)) {
        const known = values[label!] ??= new Set();
        // Templates have any names.
        if (label !== "template") known.add(value!);
      }
    }
    return [name, [type, Object.fromEntries(Object.entries(values).map(([label, set]) => [label, [...set].sort()]))]];
  }));
}

Deno.test("the manual tells each metric with its type, its labels and all of their values, which exist from the start", async () => {
  deepEqual(documented(), await registered());
});

Deno.test("every series that the manual names is one that there is", async () => {
  const text = await metrics().text();
  const named = [...manual.matchAll(/(view_gateway_[a-z_]+)(?:\{([a-z]+)(=~?)"([^"]+)"\})?/g)];
  for (const [all, name, label, , values = ""] of named) {
    for (const value of values.split("|")) {
      const series = label === undefined ? `\n${name}` : `\n${name}{${label}="${value}"`;
      equal(text.includes(series), true, `${all}: ${value}`);
    }
  }
});

Deno.test("the manual knows no reason that there is not, and each by its owner", () => {
  const listed = [...manual.matchAll(/^- `(?:view|platform)`: [^]*?(?=\n- |\n\n)/gm)].flatMap(([list]) =>
    wordsIn(list)
  );
  equal(listed.length, 2 + Object.keys(REASONS).length);
});
