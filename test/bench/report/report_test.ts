import { match, ok } from "node:assert/strict";
import type { Result } from "../bench.ts";
import { report, type Section } from "./report.ts";

const result: Result = {
  name: "warm",
  version: "1.1.0",
  date: "2026-01-01",
  machine: "two cores",
  quick: false,
  seconds: 90,
  comparisons: [
    {
      ...{ what: "HTTP/2", measure: "rate", unit: "requests/s", peer: "Envoy", goal: { be: "at least", ratio: 0.98 } },
      ...{ ours: [99, 198, 100], peers: [100, 200, 100], headline: "Requests in a second" },
    },
    { what: "HTTP/2", measure: "p99", unit: "ms", peer: "Envoy", ours: [3, 3, 3], peers: [2, 2, 2] },
  ],
  figures: [{ what: "image", measure: "size", unit: "MB", values: [120], goal: { be: "at most", value: 100 } }],
};

function sectionOf(rest: Partial<Section> = {}): Section {
  return { title: "A warm request", about: "Asked in turns.", result, findings: undefined, plots: [], ...rest };
}

Deno.test("the report begins with the headlines, each with its goal", () => {
  const text = report([sectionOf()]);
  const [before] = text.split("headlines.svg");
  match(
    before!,
    /\| Requests in a second \| \*\*0.99 ×\*\* Envoy \| 100 against 100 requests\/s \| at least 0.98 × \| yes \|/,
  );
  ok(!before!.includes("p99"));
});

Deno.test("a bench's section has all comparisons, figures, findings and where every round is", () => {
  const text = report([sectionOf({ findings: "Deno dominates.\n", plots: ["warm-1.svg"] })]);
  match(text, /\| HTTP\/2 \| p99 \| 3.00 ms \| 2.00 ms \(Envoy\) \| \*\*1.50\*\* \(1.50 – 1.50\) \| – \| {2}\|/);
  match(text, /\| image \| size \| 120 MB \| at most 100 \| \*\*no\*\* \|/);
  match(text, /!\[A warm request\]\(warm-1.svg\)\n\nDeno dominates.\n\n/);
  match(text, /\[Every round\]\(data\/warm.json\)/);
});

Deno.test("a bench that has run in the version before says what it found then", () => {
  const [rate, p99] = result.comparisons;
  const former: Result = {
    ...{
      ...result,
      version: "1.0.0",
      comparisons: [{ ...rate!, ours: [90], peers: [100] }, { ...p99!, peer: "another" }],
    },
    figures: [{ what: "image", measure: "size", unit: "MB", values: [150] }],
  };
  const text = report([sectionOf({ former })]);
  match(text, /\| goal \| met \| in 1.0.0 \|/);
  match(text, /\| HTTP\/2 \| rate \|.* at least 0.98 \| yes \| 0.90 \|/);
  match(text, /\| HTTP\/2 \| p99 \|.*\| – \| {2}\| {2}\|/);
  match(text, /\| image \| size \| 120 MB \| at most 100 \| \*\*no\*\* \| 150 MB \|/);
  match(text, /\| Requests in a second \|.*\| yes \| 0.90 \|/);
  ok(!report([sectionOf()]).includes("in 1.0.0"));
});

Deno.test("a smoke run says that it is one", () => {
  match(report([sectionOf({ result: { ...result, quick: true } })]), /smoke run/);
});
