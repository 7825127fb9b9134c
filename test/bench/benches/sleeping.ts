import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../scripts/process/step.ts";
import { envoyBootstrap } from "../../../sidecar/envoy/testing/bootstrap.ts";
import { startKwok, stopKwok } from "../../../scripts/cluster/kwok/kwok.ts";
import { EnvoyProcess } from "../../envoy/envoy_process.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { inTurns } from "../load/in_turns.ts";
import { LineProcess } from "../processes/line_process.ts";
import { measurableBundle } from "../processes/measurable_bundle.ts";
import { peers } from "../peers.ts";
import { SidecarProcess } from "../processes/sidecar_process.ts";
import { SleepingViews } from "../load/sleeping_views.ts";
import { slope } from "../report/statistics.ts";
import { type Usage, usage } from "../processes/usage.ts";

const PEER = "client-go's informers";

/** After this many milliseconds, the garbage of the start is collected. */
const SETTLED = 3_000;

/**
 * Twice as many as Kubernetes is known to bear in a cluster. Its controller manager takes time that grows with the square:
 * see docs/SCALE.md.
 */
const FULL = [1_000, 5_000, 10_000, 20_000];

/** Minutes after which no larger size is begun. */
const LONGEST = 30;

export const sleeping: Bench = {
  name: "sleeping",
  title: "Views that are asleep",
  about: `A real API server has many views that nobody asks for: a Service and an EndpointSlice each. kwok simulates the
nodes. The sidecar runs from the bundle of its image. The peer is a Go program with nothing but client-go's informers for the
same types and selector, without managedFields. An event is a change of a view's spec, 32 at a time. The time of a creation
starts with the API server's answer.`,
  run,
};

interface Started {
  readonly milliseconds: number;
  readonly memory: number;
  /** Bytes; NaN for the peer. */
  readonly heap: number;
}

async function run(context: BenchContext): Promise<Measured> {
  const { directory, quick, full, signal } = context;
  const sizes = quick ? [100, 300] : full ? FULL : [1_000, 10_000];
  const informer = join(await peers("kubernetes", signal), "informer");
  const code = join(directory, "sidecar.js");
  await step("Bundling the sidecar", () => measurableBundle(code, signal));

  const name = `kwok-bench-${Deno.pid}`;
  const { kubeconfig } = await startKwok(signal, { name, owned: true });
  try {
    using views = await SleepingViews.in(kubeconfig, signal);
    const { namespace } = views;
    const starting = {
      ours: () => {
        const sockets = join(directory, crypto.randomUUID().slice(0, 8));
        return SidecarProcess.start({ bundle: code, kubeconfig, namespace, directory: sockets, signal });
      },
      peers: () => Informer.start(informer, kubeconfig, namespace, signal),
    };
    const comparisons: Comparison[] = [];
    const memory: Record<"ours" | "peers", { x: number; y: number }[]> = { ours: [], peers: [] };
    // Deno caches compiled code, which a restarted container has too. Only the first start has none.
    await step("sleeping: a first start", async () => {
      await using _ = await starting.ours();
      await pause(SETTLED, undefined, { signal });
    });
    const heap: { x: number; y: number }[] = [];
    const envoyWithout = await envoyMemory(context, starting.ours);
    let largest = 0;
    for (const size of inTime([0, ...sizes])) {
      await views.grow(size);
      largest = size;
      const found = await step(`sleeping: ${size} views`, () => ofSize(context, size, starting, views));
      comparisons.push(...found.comparisons);
      for (const side of ["ours", "peers"] as const) {
        memory[side].push(...found.started[side].map(({ memory }) => ({ x: size, y: memory })));
      }
      heap.push(...found.started.ours.map(({ heap }) => ({ x: size, y: heap })));
    }
    const perView = { ours: slope(memory.ours) / 1000, peers: slope(memory.peers) / 1000 };
    comparisons.push({
      ...{ what: `each of ${largest} sleeping views`, measure: "memory", unit: "kB", peer: PEER },
      ...{ ours: [perView.ours], peers: [perView.peers], goal: { be: "at most", ratio: 1.5 } },
      headline: "Memory of the control plane for one sleeping view",
    });
    const figures: Figure[] = [{
      ...{ what: `each of ${largest} sleeping views`, measure: "live heap of the sidecar", unit: "kB" },
      ...{ values: [slope(heap) / 1000], goal: { be: "at most", value: 4 } },
    }];
    comparisons.push({
      ...{ what: `${largest} sleeping views`, measure: "Envoy's memory", unit: "MB", peer: "without any view" },
      ...{ ours: await envoyMemory(context, starting.ours), peers: envoyWithout },
      goal: { be: "at most", ratio: 1.02 },
    });
    return { comparisons, figures };
  } finally {
    await stopKwok(name);
  }
}

/** The sizes, except those for which no time is left. */
function* inTime(sizes: readonly number[]): Generator<number> {
  const began = performance.now();
  for (const size of sizes) {
    if (performance.now() - began > LONGEST * 60_000) {
      console.error(`sleeping: ${size} views are left out: ${LONGEST} minutes are over`);
    } else {
      yield size;
    }
  }
}

interface Starting {
  readonly ours: () => Promise<SidecarProcess>;
  readonly peers: () => Promise<Informer>;
}

async function ofSize(context: BenchContext, size: number, starting: Starting, views: SleepingViews) {
  const { quick, rounds, signal } = context;
  const what = `${size} sleeping views`;
  const measure = async (start: () => Promise<SidecarProcess | Informer>): Promise<Started> => {
    await using process = await start();
    await pause(quick ? 500 : SETTLED, undefined, { signal });
    const { memory } = await usage(process.pid);
    const heap = process instanceof SidecarProcess ? await process.heap(signal) : NaN;
    return { milliseconds: process.synced, memory, heap };
  };
  const started = await inTurns(Math.min(rounds, 3), () => measure(starting.ours), () => measure(starting.peers));
  const comparisons: Comparison[] = [
    {
      ...{ what, measure: "start → all views known", unit: "ms", peer: PEER },
      ours: started.ours.map(({ milliseconds }) => milliseconds),
      peers: started.peers.map(({ milliseconds }) => milliseconds),
    },
    {
      ...{ what, measure: "memory", unit: "MB", peer: PEER },
      ours: started.ours.map(({ memory }) => memory / 1e6),
      peers: started.peers.map(({ memory }) => memory / 1e6),
    },
  ];
  if (size === 0) return { started, comparisons };
  return { started, comparisons: [...comparisons, ...await whileRunning(context, size, starting, views)] };
}

/** Compares both while they watch the same events. */
async function whileRunning(
  context: BenchContext,
  size: number,
  starting: Starting,
  views: SleepingViews,
): Promise<readonly Comparison[]> {
  await using ours = await starting.ours();
  await using theirs = await starting.peers();
  return [
    await costOfEvents(context, size, views, { ours, peers: theirs }),
    await timeToKnow(context, size, views, { ours, peers: theirs }),
  ];
}

interface Running {
  readonly ours: SidecarProcess;
  readonly peers: Informer;
}

async function costOfEvents(
  { quick, rounds, signal }: BenchContext,
  size: number,
  views: SleepingViews,
  { ours, peers }: Running,
): Promise<Comparison> {
  const cost = { ours: [] as number[], peers: [] as number[] };
  const count = Math.min(quick ? 100 : 1000, size);
  await views.change(count, -1);
  for (let round = 0; round < rounds; round++) {
    const before = [await usage(ours.pid), await usage(peers.pid)] as const;
    await views.change(count, round);
    await pause(500, undefined, { signal });
    const after = [await usage(ours.pid), await usage(peers.pid)] as const;
    const milliseconds = (i: 0 | 1) => cpuBetween(before[i], after[i]) * 1000 / count;
    cost.ours.push(milliseconds(0));
    cost.peers.push(milliseconds(1));
  }
  return { ...{ what: `${size} sleeping views`, measure: "CPU for one event", unit: "ms", peer: PEER }, ...cost };
}

async function timeToKnow(
  { quick, signal }: BenchContext,
  size: number,
  views: SleepingViews,
  { ours, peers }: Running,
): Promise<Comparison> {
  const took = { ours: [] as number[], peers: [] as number[] };
  for (let i = 0; i < (quick ? 3 : 20); i++) {
    const name = `new-${size}-${i}`;
    await views.create(name);
    const began = performance.now();
    const since = () => performance.now() - began;
    const [our, peer] = await Promise.all([
      ours.knows(name, signal).then(since),
      peers.knows(name).then(since),
    ]);
    took.ours.push(our);
    took.peers.push(peer);
    await views.delete(name);
  }
  const measure = "created → first answer (peer: known)";
  return { ...{ what: `${size} sleeping views`, measure, unit: "ms", peer: PEER }, ...took };
}

/** The memory, in MB, of an Envoy that the sidecar of this namespace configures. */
async function envoyMemory({ rounds, signal }: BenchContext, start: Starting["ours"]): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    await using sidecar = await start();
    await using envoy = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(sidecar.directory) });
    await envoy.ready();
    await pause(1000, undefined, { signal });
    values.push((await usage(envoy.pid)).memory / 1e6);
  }
  return values;
}

function cpuBetween(before: Usage, after: Usage): number {
  return after.cpu - before.cpu;
}

/** The peer's process. */
class Informer implements AsyncDisposable {
  readonly #process: LineProcess;
  readonly #signal: AbortSignal;
  /** Milliseconds from its start until its caches are filled. */
  readonly synced: number;

  private constructor(process: LineProcess, synced: number, signal: AbortSignal) {
    this.#process = process;
    this.synced = synced;
    this.#signal = signal;
  }

  static async start(program: string, kubeconfig: string, namespace: string, signal: AbortSignal): Promise<Informer> {
    const began = performance.now();
    const process = new LineProcess(program, [namespace, "view.yolean.se/name"], { env: { KUBECONFIG: kubeconfig } });
    try {
      while (await process.line(signal) !== "synced");
      return new Informer(process, performance.now() - began, signal);
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Resolves when it knows a view. */
  async knows(view: string): Promise<void> {
    while (await this.#process.line(this.#signal) !== view);
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
