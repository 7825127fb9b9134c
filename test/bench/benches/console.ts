import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startKwok, stopKwok } from "../../../scripts/cluster/kwok/kwok.ts";
import { step } from "../../../scripts/process/step.ts";
import { envoyBootstrap } from "../../../sidecar/envoy/testing/bootstrap.ts";
import { EnvoyProcess } from "../../envoy/envoy_process.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import { inTurns } from "../load/in_turns.ts";
import { MeasuredPages, type PageVisit } from "../load/measured_pages.ts";
import { SleepingViews } from "../load/sleeping_views.ts";
import { WatchingConsoles } from "../load/watching_consoles.ts";
import { measurableBundle } from "../processes/measurable_bundle.ts";
import { SidecarProcess } from "../processes/sidecar_process.ts";
import { usage } from "../processes/usage.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { median } from "../report/statistics.ts";

const FEW = 100;
/** Changes of views in a second. */
const RATE = 20;
/** Views of the user who may not list. */
const OWNED = 40;

export const consoleBench: Bench = {
  name: "console",
  title: "The console and the watch",
  about:
    `Two gateways on one API server, each a sidecar from the bundle of its image and an Envoy. One has 10,000 views, the other
100, which is the peer. Each answer of the API and each page comes through Envoy to somebody who may list all views, or to the owner
of ${OWNED} who may not. The pages are opened in Chromium with an empty cache. A search finds 11 views. It begins with the last key, and
ends with the frame that has their rows: 250 ms of it are a pause for another key. For the watch, ${RATE} views change in a second, while some consoles
follow all of them; the peer has no console.`,
  run,
};

interface Whose {
  readonly user: string;
  readonly token: string;
}

interface Site extends AsyncDisposable {
  readonly views: SleepingViews;
  readonly size: number;
  readonly origin: string;
  readonly sidecar: SidecarProcess;
  readonly envoy: EnvoyProcess;
  readonly lister: Whose;
  readonly owner: Whose;
}

async function run(context: BenchContext): Promise<Measured> {
  const { directory, quick, signal } = context;
  const code = join(directory, "sidecar.js");
  await step("Bundling the sidecar", () => measurableBundle(code, signal));
  const name = `kwok-bench-${Deno.pid}`;
  const { kubeconfig } = await startKwok(signal, { name, owned: true });
  try {
    const starting = (size: number) => site(context, { size, code, kubeconfig });
    await using few = await step(`console: ${FEW} views`, () => starting(FEW));
    const size = quick ? 300 : 10_000;
    await using many = await step(`console: ${size} views`, () => starting(size));
    await pause(quick ? 500 : 3_000, undefined, { signal });
    const load: number[] = [];
    const measured = async <T>(what: string, measure: () => Promise<T>) => {
      const found = await step(`console: ${what}`, measure);
      load.push(Deno.loadavg()[0]!);
      return found;
    };
    const answers = await measured("answers", () => compareAnswers(context, many, few));
    const pages = await measured("pages in Chromium", () => comparePages(context, many, few));
    const watched = await measured("watches", () => compareWatches(context, many));
    const busy = { what: "the machine", measure: "load average of a minute, after each part", unit: "processes" };
    return {
      comparisons: [...answers.comparisons, ...pages, ...watched.comparisons],
      figures: [...answers.figures, ...watched.figures, { ...busy, values: load }],
    };
  } finally {
    await stopKwok(name);
  }
}

async function site(
  { directory, signal }: BenchContext,
  { size, code, kubeconfig }: { readonly size: number; readonly code: string; readonly kubeconfig: string },
): Promise<Site> {
  const views = await SleepingViews.in(kubeconfig, signal, `bench-${size}`);
  const { namespace } = views;
  await views.grow(size);
  const [lister, owner] = [await views.account("lister", true), await views.account("owner", false)];
  await views.give(OWNED, owner.user);
  const own = join(directory, String(size));
  const sidecar = await SidecarProcess.start({
    ...{ bundle: code, kubeconfig, namespace, directory: own, signal },
    authentication: "kubernetes",
  });
  const envoy = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(own) });
  await envoy.ready();
  const origin = `http://localhost:${await envoy.port("public")}`;
  return {
    ...{ views, size, origin, sidecar, envoy, lister, owner },
    [Symbol.asyncDispose]: async () => {
      await envoy.stop();
      await sidecar.stop();
      views[Symbol.dispose]();
    },
  };
}

interface Asked {
  readonly what: string;
  readonly path: string;
  readonly who: keyof typeof WHO;
  readonly headline?: string;
}

const WHO = { lister: "who may list", owner: `owner of ${OWNED}` } as const;

const ANSWERS: readonly Asked[] = [
  { what: "a list of 100 views", path: "/_api/views?limit=100", who: "lister" },
  { what: "a list with q=", path: "/_api/views?limit=100&q=view-1", who: "lister" },
  { what: "a list with phase=", path: "/_api/views?limit=100&phase=asleep", who: "lister" },
  { what: "the page", path: "/", who: "lister", headline: "The console's first page with 10000 views" },
  { what: "the page of a search", path: "/?q=view-1", who: "lister" },
  { what: "a list of 100 views", path: "/_api/views?limit=100", who: "owner" },
  { what: "the page", path: "/", who: "owner" },
];

async function compareAnswers({ quick, rounds }: BenchContext, many: Site, few: Site) {
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  const count = quick ? 5 : 100;
  for (const { what, path, who, headline } of ANSWERS) {
    for (const site of [many, few]) await ask(site, path, who, count / 5);
    const { ours, peers } = await inTurns(
      rounds,
      () => ask(many, path, who, count),
      () => ask(few, path, who, count),
    );
    const named = { what: `${what}, ${WHO[who]}`, unit: "ms", peer: `${few.size} views` };
    const of = (pick: (one: Answered) => number) => ({ ours: ours.map(pick), peers: peers.map(pick) });
    comparisons.push(
      { ...named, measure: "p50", ...of(({ milliseconds }) => milliseconds), ...headline && { headline } },
      { ...named, measure: "CPU of the sidecar", ...of(({ cpu }) => cpu) },
    );
    figures.push({ ...named, measure: "size", unit: "kB", values: ours.map(({ bytes }) => bytes / 1000) });
  }
  return { comparisons, figures };
}

interface Answered {
  /** The median. */
  readonly milliseconds: number;
  /** Milliseconds of the sidecar's, for each answer. */
  readonly cpu: number;
  readonly bytes: number;
}

/** Asks again and again, one request at a time. */
async function ask({ origin, sidecar, ...whose }: Site, path: string, who: keyof typeof WHO, count: number) {
  const headers = { authorization: `Bearer ${whose[who].token}` };
  const times: number[] = [];
  let bytes = 0;
  const before = await usage(sidecar.pid);
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const answer = await fetch(`${origin}${path}`, { headers });
    const body = await answer.arrayBuffer();
    times.push(performance.now() - began);
    bytes = body.byteLength;
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}.`);
  }
  const { cpu } = await usage(sidecar.pid);
  return { milliseconds: median(times), cpu: (cpu - before.cpu) * 1000 / count, bytes };
}

async function comparePages(
  { quick, rounds }: BenchContext,
  many: Site,
  few: Site,
): Promise<readonly Comparison[]> {
  await using pages = await MeasuredPages.start();
  // Each finds 11 views, such as view-4 and view-40 to view-49.
  const visit = ({ origin, lister, size }: Site) =>
    pages.visit(origin, lister.token, size < 1_000 ? "view-4" : "view-424", "11 views fit");
  for (const site of [many, few]) await visit(site);
  const visits = await inTurns(quick ? 1 : 2 * rounds, () => visit(many), () => visit(few));
  const of = (measure: string, pick: (one: PageVisit) => number): Comparison => ({
    ...{ what: "the page in Chromium", measure, unit: "ms", peer: `${few.size} views` },
    ...{ ours: visits.ours.map(pick), peers: visits.peers.map(pick) },
  });
  return [
    of("first contentful paint", ({ firstPaint }) => firstPaint),
    of("hydrated", ({ hydrated }) => hydrated),
    of("search: last key → rows", ({ search }) => search),
  ];
}

interface EventCost {
  /** Milliseconds of CPU for an event. */
  readonly sidecar: number;
  readonly envoy: number;
  /** Of one event of one stream. */
  readonly bytes: number;
}

async function compareWatches(context: BenchContext, site: Site) {
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  let version = 0;
  await site.views.changeSteadily(RATE, 2, version++);
  const costs = new Map<number, EventCost[]>([[0, []], [1, []], [50, []]]);
  for (let round = 0; round < Math.min(context.rounds, 3); round++) {
    for (const [consoles, found] of costs) found.push(await eventCost(context, site, consoles, ++version));
  }
  for (const consoles of [1, 50]) {
    const what = `${site.size} views, watched by ${consoles === 1 ? "1 console" : `${consoles} consoles`}`;
    const pick = (of: number, key: keyof EventCost) => costs.get(of)!.map((cost) => cost[key]);
    comparisons.push({
      ...{ what, measure: "CPU of the sidecar for an event", unit: "ms", peer: "no console" },
      ...{ ours: pick(consoles, "sidecar"), peers: pick(0, "sidecar") },
    });
    figures.push(
      { what, measure: "CPU of Envoy for an event", unit: "ms", values: pick(consoles, "envoy") },
      { what, measure: "one event of one stream", unit: "bytes", values: pick(consoles, "bytes") },
    );
  }
  return { comparisons, figures };
}

async function eventCost(
  { quick, signal }: BenchContext,
  { views, sidecar, envoy, origin, lister }: Site,
  count: number,
  version: number,
): Promise<EventCost> {
  await using consoles = await WatchingConsoles.open(count, origin, lister.token);
  await pause(500, undefined, { signal });
  const [before, beforeBytes] = [await Promise.all([usage(sidecar.pid), usage(envoy.pid)]), consoles.bytes];
  const changes = await views.changeSteadily(RATE, quick ? 2 : 15, version);
  await consoles.until(count * changes, signal);
  await pause(500, undefined, { signal });
  const after = await Promise.all([usage(sidecar.pid), usage(envoy.pid)]);
  const cpu = (i: 0 | 1) => (after[i].cpu - before[i].cpu) * 1000 / changes;
  return { sidecar: cpu(0), envoy: cpu(1), bytes: (consoles.bytes - beforeBytes) / Math.max(1, count * changes) };
}
