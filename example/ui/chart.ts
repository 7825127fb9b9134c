/** Bars as inline SVG: side by side where they follow one another, one below the other where they have names. */
import { svg } from "./elements.ts";
import { short } from "./format.ts";
import { ticks } from "./ticks.ts";

export interface Bars {
  /** A text about the bars for people who cannot see them. */
  readonly title: string;
  /** What is measured. */
  readonly measure: string;
  readonly bars: readonly { readonly label: string; readonly value: number }[];
  /** Whether one bar follows another, in time or in size. */
  readonly ordered: boolean;
}

const width = 760;

export function barChart(chart: Bars): SVGSVGElement {
  return chart.ordered ? columns(chart) : lines(chart);
}

function frame({ title, bars }: Bars, height: number, ...children: readonly SVGElement[]): SVGSVGElement {
  const most = bars.reduce((a, b) => b.value > a.value ? b : a, { label: "", value: -Infinity });
  const label = `${title}. ${bars.length} bars; the highest is ${most.label} with ${
    most.value.toLocaleString("en-US")
  }.`;
  return svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": label },
    ...children,
  );
}

function tip(label: string, value: number): SVGTitleElement {
  return svg("title", {}, `${label}: ${value.toLocaleString("en-US")}`);
}

function columns(chart: Bars): SVGSVGElement {
  const [height, left, right, top, bottom] = [280, 56, 8, 26, 30];
  const values = chart.bars.map(({ value }) => value);
  const axis = ticks(Math.min(...values), Math.max(...values));
  const [low = 0, high = 1] = [axis[0], axis.at(-1)];
  const y = (value: number) => height - bottom - (value - low) / (high - low) * (height - bottom - top);
  const pitch = (width - left - right) / chart.bars.length;
  const gap = Math.min(6, pitch * 0.2);
  // As many labels as have room.
  const longest = Math.max(...chart.bars.map(({ label }) => label.length));
  const every = Math.max(1, Math.ceil((longest * 6.6 + 12) / pitch));
  return frame(
    chart,
    height,
    ...axis.flatMap((value) => [
      svg("line", { class: value === 0 ? "base" : "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
      svg("text", { class: "tick", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, short(value)),
    ]),
    svg("text", { class: "measure", x: left, y: 12 }, chart.measure),
    ...chart.bars.flatMap(({ label, value }, index) => {
      const x = left + index * pitch;
      const middle = x + pitch / 2;
      const text = svg("text", { class: "tick", x: middle, y: height - 10, "text-anchor": "middle" }, label);
      return [
        svg("rect", {
          class: "bar",
          x: x + gap / 2,
          width: Math.max(0.5, pitch - gap),
          y: Math.min(y(value), y(0)),
          height: Math.max(0.5, Math.abs(y(value) - y(0))),
          rx: Math.min(3, pitch / 6),
        }, tip(label, value)),
        ...index % every === 0 ? [text] : [],
      ];
    }),
  );
}

function lines(chart: Bars): SVGSVGElement {
  const [row, top, right] = [26, 26, 90];
  const longest = Math.max(...chart.bars.map(({ label }) => label.length));
  const left = Math.min(220, longest * 7.2 + 14);
  const high = Math.max(...chart.bars.map(({ value }) => value), 0) || 1;
  const height = top + row * chart.bars.length + 4;
  return frame(
    chart,
    height,
    svg("text", { class: "measure", x: left, y: 12 }, chart.measure),
    ...chart.bars.flatMap(({ label, value }, index) => {
      const y = top + index * row;
      const length = Math.max(1, Math.max(0, value) / high * (width - left - right));
      const shown = label.length > 30 ? `${label.slice(0, 29)}…` : label;
      return [
        svg("text", { class: "label", x: left - 10, y: y + 15, "text-anchor": "end" }, shown),
        svg("rect", { class: "bar", x: left, y: y + 2, width: length, height: row - 8, rx: 3 }, tip(label, value)),
        svg("text", { class: "tick", x: left + length + 8, y: y + 15 }, short(value)),
      ];
    }),
  );
}
