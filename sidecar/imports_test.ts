import { deepEqual, equal } from "node:assert/strict";
import { type Allowed, cycleIn, forbidden, importGraph, importsIn, unused } from "./testing/import_graph.ts";

/**
 * What each part of the sidecar may import beside itself; a part may import only those above it. Files that are not here
 * are the application's: they may import all, and nothing here may import them.
 */
const ALLOWED: Allowed = {
  "async": [],
  "gen": [],
  "logging.ts": [],
  "view": [],
  "kubernetes": ["async", "view"],
  "page": ["view"],
  "proto": ["gen"],
  "http": ["async", "logging.ts", "page"],
  "launch": ["async", "view", "kubernetes"],
  "envoy": ["gen", "view", "page", "proto", "http"],
  "grpc": ["async", "http"],
  "api": ["async", "view", "page", "http", "envoy"],
  "denial": ["async", "view", "page", "http", "launch", "envoy"],
  "lake": ["logging.ts", "async", "gen", "view", "kubernetes", "http", "envoy", "grpc"],
  "lease": ["async", "gen", "view", "grpc"],
  "start_probe": ["async", "view", "envoy"],
  "xds": ["logging.ts", "async", "gen", "proto", "grpc"],
  "gate": ["async", "view", "http", "launch", "envoy", "denial"],
  "health": ["async", "logging.ts", "kubernetes", "api", "xds"],
  "routing": ["async", "view", "proto", "envoy", "xds"],
  "config": ["view", "kubernetes", "envoy", "lake", "gate"],
  "telemetry": ["logging.ts", "view", "kubernetes", "proto", "launch", "denial", "gate"],
};

const graph = await importGraph(new URL(".", import.meta.url));

Deno.test("imports go one way, and each part imports what it may", () => {
  deepEqual(forbidden(graph, ALLOWED), []);
});

Deno.test("what may be imported is no more than what is, and comes before what imports it", () => {
  deepEqual(unused(graph, ALLOWED), []);
  const parts = Object.keys(ALLOWED);
  const upward = Object.entries(ALLOWED).flatMap(([from, list]) =>
    list.filter((to) => parts.indexOf(to) === -1 || parts.indexOf(to) >= parts.indexOf(from)).map((to) =>
      `${from} → ${to}`
    )
  );
  deepEqual(upward, []);
});

Deno.test("what tests share is imported by tests alone", () => {
  deepEqual([...graph].filter(([, imports]) => imports.some((file) => file.includes("testing/"))), []);
});

Deno.test("no files import each other in a circle", () => {
  equal(cycleIn(graph)?.join(" → "), undefined);
});

Deno.test("what decides does no I/O, reads no clock and draws no lots", async () => {
  const effects =
    /\b(Deno\.|Date\.now\(|new Date\(\)|performance\.|fetch\(|setTimeout\(|Math\.random|"node:(fs|net|http|timers)[/"])/;
  deepEqual(await linesWith(effects, /^(view|envoy)\//), []);
});

Deno.test("what waits, renews and repeats is given its clock, its pauses and its lots", async () => {
  const own = /\b(Date\.now|new Date\(\)|performance\.|set(Timeout|Interval)\(|Math\.random|"node:timers)/;
  deepEqual(await linesWith(own, /^(gate|kubernetes|launch|lease|lake|start_probe)\//), []);
});

/** The first line in each of these files that has such a thing, as `FILE:LINE`. */
async function linesWith(thing: RegExp, files: RegExp): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of graph.keys()) {
    if (!files.test(file)) continue;
    const text = await Deno.readTextFile(new URL(file, import.meta.url));
    const line = text.split("\n").findIndex((line) => thing.test(line));
    if (line !== -1) found.push(`${file}:${line + 1}`);
  }
  return found;
}

Deno.test("an import is found in whatever form it has", () => {
  const text = `import { a } from "./a.ts";
import type {
  B,
} from "../b.ts";
export * from "./c/c.ts";
import "./d.ts";
const e = await import("./e.ts");
import yaml from "yaml";
// as in import x from "./not.ts"
import out from "../../out.ts";
`;
  deepEqual(importsIn(text, "part/file.ts").map((path) => path.replace(/^\.\..*\//, "../")), [
    "part/a.ts",
    "b.ts",
    "part/c/c.ts",
    "part/d.ts",
    "part/e.ts",
    "../out.ts",
  ]);
});

Deno.test("an import upwards, out of the sidecar, or round in a circle is told by the file's name", () => {
  const wrong = new Map([
    ["view/a.ts", ["view/b.ts", "gate/c.ts"]],
    ["view/b.ts", ["view/a.ts"]],
    ["app.ts", ["gate/c.ts", "../scripts/x.ts"]],
  ]);
  const allowed = { view: [], gate: ["view"] };
  deepEqual(forbidden(wrong, allowed), ["view/a.ts → gate/c.ts", "app.ts → ../scripts/x.ts"]);
  deepEqual(unused(wrong, allowed), ["gate → view"]);
  deepEqual(cycleIn(wrong), ["view/a.ts", "view/b.ts", "view/a.ts"]);
});
