import { match, ok } from "node:assert/strict";
import { advantagesPlot, curvesPlot } from "./plots.ts";

Deno.test("the plot of advantages is a complete picture and names what it compares", () => {
  const comparison = {
    ...{ what: "a", measure: "rate", unit: "/s", peer: "b", ours: [2, 3], peers: [1, 1] },
    goal: { be: "at least", ratio: 1 },
  } as const;
  const svg = advantagesPlot([{ label: "a & b", comparison }]);
  match(svg, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  ok(svg.includes("a &amp; b") && svg.includes("2.50×"));
});

Deno.test("each curve has its name", () => {
  const points = ["ours", "theirs"].flatMap((who) => [1, 10].map((x) => ({ who, x, y: x })));
  const svg = curvesPlot({ title: "t", x: "load", y: "time", points });
  ok(svg.includes(">ours<") && svg.includes(">theirs<"));
});
