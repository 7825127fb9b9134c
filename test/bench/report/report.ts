import type { Result } from "../bench.ts";
import { type Comparison, evaluate, type Figure, meets } from "./comparison.ts";
import { ratio, shown } from "./numbers.ts";
import { median } from "./statistics.ts";

/** What a bench's section has beside its numbers. */
export interface Section {
  readonly title: string;
  readonly about: string;
  readonly result: Result;
  /** What it found in the version before; undefined where it has not run since, or did not exist. */
  readonly former?: Result | undefined;
  /** What its profiles found and what was changed, or what bounds it: Markdown; undefined where nobody wrote any. */
  readonly findings: string | undefined;
  /** File names of its plots. */
  readonly plots: readonly string[];
}

/** The whole report, in Markdown: first one table and one plot for everybody, then all there is. */
export function report(sections: readonly Section[]): string {
  const parts = [
    "# Benchmarks",
    `The gateway beside what one would use otherwise, its peers. Each bench measures both in turns, in one run on one machine.
The ratio counts: other machines have other numbers, but similar ratios. \`deno task bench\` measures everything and writes
this report; \`deno task bench NAME\` measures one bench. \`deno task bench --report\` writes the report again without a
measurement. The numbers are those of the date below each section; the code has moved on since then. Where a bench has run
since the last release, the column with that version's number says what it found then.`,
    summary(sections),
    "![How many times as good as the peer the gateway is](headlines.svg)",
    ...sections.map(section),
    "## All goals at a glance",
    "![How many times as good as the peer the gateway is, with all comparisons that have a goal](goals.svg)",
  ];
  return `${parts.join("\n\n")}\n`;
}

function summary(sections: readonly Section[]): string {
  const rows = sections.flatMap(({ result: { comparisons, figures = [] }, former }) => [
    ...comparisons.filter(({ headline }) => headline).map((comparison) => {
      const { ours, peer, ratio: value, met } = evaluate(comparison);
      const { headline, unit, peer: name, goal } = comparison;
      return [
        ...[headline, `**${ratio(value)} ×** ${name}`, `${shown(ours)} against ${shown(peer)} ${unit}`],
        ...[goal ? `${goal.be} ${goal.ratio} ×` : "–", verdict(met), formerRatio(comparison, former)],
      ];
    }),
    ...figures.filter(({ headline }) => headline).map((figure) => {
      const { headline, unit, values, goal } = figure;
      const value = median(values);
      return [
        ...[headline, `**${shown(value)} ${unit}**`, ""],
        ...[goal ? `${goal.be} ${shown(goal.value)} ${unit}` : "–", verdict(goal && meets(value, goal.be, goal.value))],
        formerValue(figure, former),
      ];
    }),
  ]);
  return table(["what", "ours", "medians", "goal", "met", "before"], rows);
}

function section({ title, about, result, former, findings, plots }: Section): string {
  const { name, comparisons, figures = [], date, machine, quick, seconds } = result;
  const parts = [`## ${title}`, about];
  if (quick) parts.push("**This was a smoke run: the numbers mean nothing.**");
  if (comparisons.length > 0) parts.push(comparisonTable(comparisons, former));
  if (figures.length > 0) parts.push(figureTable(figures, former));
  for (const plot of plots) parts.push(`![${title}](${plot})`);
  if (findings) parts.push(findings.trim());
  const minutes = `${shown(seconds / 60)} minutes`;
  parts.push(
    `<sub>\`deno task bench ${name}\`, ${date}, ${minutes}, ${machine}. [Every round](data/${name}.json).</sub>`,
  );
  return parts.join("\n\n");
}

function comparisonTable(comparisons: readonly Comparison[], former: Result | undefined): string {
  const rows = comparisons.map((comparison) => {
    const { ours, peer, ratio: value, low, high, met } = evaluate(comparison);
    const { what, measure, unit, peer: name, goal } = comparison;
    return [
      ...[what, measure, `${shown(ours)} ${unit}`, `${shown(peer)} ${unit} (${name})`],
      ...[
        `**${ratio(value)}** (${ratio(low)} – ${ratio(high)})`,
        goal ? `${goal.be} ${goal.ratio}` : "–",
        verdict(met),
      ],
      ...former === undefined ? [] : [formerRatio(comparison, former)],
    ];
  });
  return table(["case", "measure", "ours", "peer", "ratio (all rounds)", "goal", "met", ...versionOf(former)], rows);
}

function figureTable(figures: readonly Figure[], former: Result | undefined): string {
  const rows = figures.map((figure) => {
    const { what, measure, unit, values, goal } = figure;
    const value = median(values);
    const spread = values.length > 1 ? ` (${shown(Math.min(...values))} – ${shown(Math.max(...values))})` : "";
    const met = goal && meets(value, goal.be, goal.value);
    return [
      what,
      measure,
      `${shown(value)} ${unit}${spread}`,
      goal ? `${goal.be} ${shown(goal.value)}` : "–",
      verdict(met),
      ...former === undefined ? [] : [formerValue(figure, former)],
    ];
  });
  return table(["case", "measure", "value (all rounds)", "goal", "met", ...versionOf(former)], rows);
}

/** The head of the column for what the version before had. */
function versionOf(former: Result | undefined): readonly string[] {
  return former === undefined ? [] : [`in ${former.version}`];
}

/** The ratio that the same comparison had in the version before; empty if there was none. */
function formerRatio({ what, measure, peer }: Comparison, former: Result | undefined): string {
  const same = former?.comparisons.find((one) => one.what === what && one.measure === measure && one.peer === peer);
  return same === undefined ? "" : ratio(evaluate(same).ratio);
}

function formerValue({ what, measure, unit }: Figure, former: Result | undefined): string {
  const same = former?.figures?.find((one) => one.what === what && one.measure === measure && one.unit === unit);
  return same === undefined ? "" : `${shown(median(same.values))} ${unit}`;
}

function verdict(met: boolean | undefined): string {
  return met === undefined ? "" : met ? "yes" : "**no**";
}

function table(head: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
