import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Curves } from "../bench.ts";
import { advantage, type Comparison } from "./comparison.ts";
import { ratio } from "./numbers.ts";

const MET = "#1a7f5a";
const MISSED = "#c2410c";
const OURS = "#0b62d6";
const PEER = "#8a6d3b";

/** For each comparison that has a goal, how many times as good as the peer ours is, and where the goal is. */
export function advantagesPlot(
  comparisons: readonly { readonly label: string; readonly comparison: Comparison }[],
): string {
  const rows = comparisons.flatMap(({ label, comparison }) => {
    const found = advantage(comparison);
    return found ? [{ label, ...found, color: found.met ? MET : MISSED }] : [];
  });
  const all = rows.flatMap(({ low, high, goal }) => [low, high, goal]);
  return svg({
    height: 70 + 24 * rows.length,
    marginLeft: 450,
    marginRight: 70,
    marginTop: 40,
    x: {
      type: "log",
      domain: [Math.min(0.5, ...all) * 0.9, Math.max(2, ...all) * 1.15],
      label: "times as good as the peer; right is better (dot: median, bar: all rounds, line: goal)",
      labelAnchor: "left",
      labelArrow: "none",
      axis: "top",
      ticks: [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50],
      tickFormat: (value: number) => `${value}×`,
    },
    y: { domain: rows.map(({ label }) => label), label: null, tickSize: 0 },
    marks: [
      Plot.ruleX([1], { stroke: "#d0d7de", strokeWidth: 2 }),
      Plot.ruleY(rows, { x1: "low", x2: "high", y: "label", stroke: "color", strokeWidth: 4, strokeOpacity: 0.35 }),
      Plot.tickX(rows, { x: "goal", y: "label", stroke: "#24292f", strokeWidth: 1.5 }),
      Plot.dot(rows, { x: "times", y: "label", fill: "color", r: 5 }),
      Plot.text(rows, {
        ...{ y: "label", frameAnchor: "right", dx: 60, textAnchor: "end", fill: "color", fontWeight: "bold" },
        text: ({ times }: { times: number }) => `${ratio(times)}×`,
      }),
    ],
  });
}

/** What a server does as its load grows: a line for each. */
export function curvesPlot({ title, x, y, points }: Curves): string {
  const names = [...new Set(points.map(({ who }) => who))];
  const color = { domain: names, range: [OURS, PEER, "#57606a", "#c2410c"].slice(0, names.length) };
  return svg({
    ...{ title, height: 320, marginLeft: 60, marginRight: 150, color },
    x: { label: x, type: "log", grid: true, ticks: 6, tickFormat: "~s" },
    y: { label: y, type: "log", grid: true, ticks: 6, tickFormat: "~s" },
    marks: [
      Plot.lineY(points, { x: "x", y: "y", stroke: "who" }),
      Plot.dot(points, { x: "x", y: "y", fill: "who" }),
      Plot.text(
        points,
        Plot.selectLast({ x: "x", y: "y", z: "who", text: "who", fill: "who", textAnchor: "start", dx: 8 }),
      ),
    ],
  });
}

/** What linkedom has for a window, whose type is of a browser that Deno is none of. */
interface PageWindow {
  readonly document: NonNullable<Plot.PlotOptions["document"]>;
}

/** A file's text. Plot makes its elements by the browser's document, of which linkedom has one. */
function svg(options: Plot.PlotOptions): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as PageWindow;
  const { title, ...rest } = options;
  const made = Plot.plot({ width: 860, style: { background: "white" }, ...rest, document });
  made.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  if (title) made.setAttribute("aria-label", String(title));
  return `${made.outerHTML}\n`;
}
