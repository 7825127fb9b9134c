import { deepEqual, equal } from "node:assert/strict";
import { type Allowed, cycleIn, forbidden, importGraph, importsIn, unused } from "./testing/import_graph.ts";

/**
 * What each part of the sidecar may import besides itself; a part may import only parts above it. What is not listed is
 * the application: it may import all, and no listed part may import it.
 */
const ALLOWED: Allowed = {
  "async": [],
  "gen": [],
  "logging.ts": [],
  "version.ts": [],
  "view": [],
  "kubernetes": ["async", "view"],
  "access": ["async", "view", "kubernetes"],
  "page": ["view"],
  "console": [],
  "proto": ["gen"],
  "http": ["async", "logging.ts", "page"],
  "pool": ["async", "view"],
  "launch": ["async", "view", "kubernetes", "pool"],
  "envoy": ["gen", "view", "page", "proto", "http"],
  "traces": ["async", "view", "http", "envoy"],
  "session": ["async", "access", "view", "kubernetes", "envoy"],
  "grpc": ["async", "http"],
  "api": ["gen", "async", "access", "view", "page", "console", "http", "envoy"],
  "denial": ["async", "access", "view", "page", "http", "launch", "envoy"],
  "lake": ["logging.ts", "async", "access", "gen", "view", "kubernetes", "http", "envoy", "grpc", "denial"],
  "lease": ["async", "gen", "view", "grpc"],
  "history": ["async", "view", "envoy"],
  "start_probe": ["async", "view", "http", "envoy"],
  "assignment": ["async", "view", "kubernetes", "http", "envoy"],
  "xds": ["logging.ts", "async", "gen", "proto", "grpc"],
  "gate": ["async", "access", "view", "http", "launch", "envoy", "traces", "denial"],
  "health": ["async", "logging.ts", "kubernetes", "api", "xds"],
  "routing": ["async", "access", "view", "proto", "envoy", "xds"],
  "oidc": ["logging.ts", "async", "access", "http", "envoy"],
  "tls": ["async", "logging.ts", "envoy"],
  "auth": ["async", "access", "view", "page", "http", "envoy", "session", "api", "oidc"],
  "config": ["async", "view", "kubernetes", "page", "envoy", "lake", "gate", "oidc", "tls"],
  "telemetry": [
    "logging.ts",
    "access",
    "view",
    "kubernetes",
    "proto",
    "pool",
    "launch",
    "denial",
    "gate",
    "assignment",
  ],
};

const graph = await importGraph(new URL(".", import.meta.url));

Deno.test("imports go one way, and each part imports what it may", () => {
  deepEqual(forbidden(graph, ALLOWED), []);
});

Deno.test("every allowed import is used, and comes before what imports it", () => {
  deepEqual(unused(graph, ALLOWED), []);
  const parts = Object.keys(ALLOWED);
  const upward = Object.entries(ALLOWED).flatMap(([from, list]) =>
    list.filter((to) => parts.indexOf(to) === -1 || parts.indexOf(to) >= parts.indexOf(from)).map((to) =>
      `${from} → ${to}`
    )
  );
  deepEqual(upward, []);
});

Deno.test("only tests import from testing/", () => {
  deepEqual([...graph].filter(([, imports]) => imports.some((file) => file.includes("testing/"))), []);
});

Deno.test("no files import each other in a circle", () => {
  equal(cycleIn(graph)?.join(" → "), undefined);
});

Deno.test("what decides does no I/O, reads no clock and uses no random numbers", async () => {
  const effects =
    /\b(Deno\.|Date\.now\(|new Date\(\)|performance\.|fetch\(|setTimeout\(|Math\.random|"node:(fs|net|http|timers)[/"])/;
  deepEqual(await linesWith(effects, /^(view|envoy)\/|^console\/(?!browser\/|api_client\.ts|main\.tsx)/), []);
});

Deno.test("clocks, pauses and random numbers come from outside", async () => {
  const own =
    /\b(Date\.now|new Date\(\)|performance\.|set(Timeout|Interval)\(|Math\.random|AbortSignal\.timeout\(|"node:timers)/;
  // In a browser they are the browser's.
  deepEqual(await linesWith(own, /^(?!async\/|console\/(browser\/|api_client\.ts|main\.tsx))/), []);
});

/** The first matching line of each of these files, as `FILE:LINE`. */
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

Deno.test("imports of every form are found", () => {
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

Deno.test("an import upwards, out of the sidecar, or in a circle is reported with its files", () => {
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
