import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../scripts/process/step.ts";
import { configOf } from "../../../sidecar/config/config.ts";
import { constantResources, viewResources } from "../../../sidecar/envoy/resources.ts";
import type { EnvoySettings } from "../../../sidecar/envoy/settings.ts";
import { socketsIn } from "../../../sidecar/envoy/sockets.ts";
import { envoyBootstrap } from "../../../sidecar/envoy/testing/bootstrap.ts";
import { ENDPOINTS, type Resource } from "../../../sidecar/proto/resource.ts";
import { EnvoyProcess } from "../../envoy/envoy_process.ts";
import { AdsProcess, ourAds, peerAds, writeResources } from "../processes/ads_process.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { inTurns } from "../load/in_turns.ts";
import { peers } from "../peers.ts";
import { median, quantile } from "../report/statistics.ts";

const PEER = "go-control-plane";
const LOAD_LIMIT = 120_000;

export const eds: Bench = {
  name: "eds",
  title: "Envoy learns of a view's endpoints",
  about:
    `The sidecar's xDS server and go-control-plane serve the same resources. go-control-plane uses delta ADS and one
LinearCache for each type, which is its faster cache here. Each server is a process with an Envoy of its own, which has the
gateway's bootstrap. A change concerns one view's endpoints; its time ends with Envoy's ACK. A first load lasts from the
opening of the stream to the last ACK. A reconnect is one of an Envoy that has everything, to a restarted server.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const sizes = context.quick ? [100, 1000] : [100, 1000, 10_000];
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  const ours = new Map<number, number>();
  for (const size of sizes) {
    const largest = size === sizes.at(-1);
    const measured = await step(`eds: ${size} views`, () => ofSize(context, size));
    comparisons.push(...measured.comparisons.map((comparison) => largest ? comparison : withoutHeadline(comparison)));
    figures.push(...measured.figures);
    ours.set(size, measured.p50);
  }
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  figures.push({
    ...{ what: `${last} awake views beside ${first}`, measure: "ratio of our p50 of a change", unit: "×" },
    values: [ours.get(last)! / ours.get(first)!],
  });
  return { comparisons, figures };
}

interface OfSize {
  readonly comparisons: readonly Comparison[];
  readonly figures: readonly Figure[];
  readonly p50: number;
}

async function ofSize(context: BenchContext, size: number): Promise<OfSize> {
  const { quick, rounds, signal } = context;
  const programs = await peers("grpc", signal);
  const loads = quick ? 1 : Math.min(rounds, 3);
  const { first, sides } = await firstLoads(context, size, loads, programs);
  try {
    const what = `${size} awake views`;
    const back = await reconnects(sides, what, loads);
    const changes = await changesOf(context, sides, size);
    return {
      comparisons: [
        {
          ...{ what, measure: "first load", unit: "ms", goal: { be: "at most", ratio: 1.1 } },
          ...{ ...first, peer: PEER, headline: `The first load of an Envoy with ${size} awake views` },
        },
        back.comparison,
        ...changes.comparisons,
      ],
      figures: back.figures,
      p50: changes.p50,
    };
  } finally {
    await stop(sides);
  }
}

interface Sides {
  readonly ours: Side;
  readonly peers: Side;
}

/** Loads a new Envoy on each side, several times. The sides of the last load stay up for what follows. */
async function firstLoads(
  context: BenchContext,
  size: number,
  loads: number,
  programs: string,
): Promise<
  { readonly first: { readonly ours: readonly number[]; readonly peers: readonly number[] }; readonly sides: Sides }
> {
  const first: { ours: number[]; peers: number[] } = { ours: [], peers: [] };
  for (let load = 1;; load++) {
    const started: Partial<Record<keyof Sides, Side>> = {};
    try {
      const start = async (side: keyof Sides, command: readonly [string, ...string[]]) => {
        const made = started[side] = await Side.start(context, side, command, size);
        return made.firstLoad;
      };
      const took = await inTurns(1, () => start("ours", ourAds), () => start("peers", peerAds(programs)));
      first.ours.push(...took.ours);
      first.peers.push(...took.peers);
    } catch (error) {
      await stop(started);
      throw error;
    }
    if (load >= loads) return { first, sides: { ours: started.ours!, peers: started.peers! } };
    await stop(started);
  }
}

async function reconnects(
  { ours, peers }: Sides,
  what: string,
  count: number,
): Promise<{ readonly comparison: Comparison; readonly figures: readonly Figure[] }> {
  const back = await inTurns(count, () => ours.reconnect(), () => peers.reconnect());
  const measure = "resources sent after a reconnect with nothing changed";
  return {
    comparison: {
      ...{ what, measure: "reconnect with nothing changed", unit: "ms", peer: PEER },
      ours: back.ours.map(({ milliseconds }) => milliseconds),
      peers: back.peers.map(({ milliseconds }) => milliseconds),
    },
    figures: [{
      ...{ what, measure, unit: "resources" },
      ...{ values: back.ours.map(({ sent }) => sent), goal: { be: "at most", value: 0 } },
    }, {
      ...{ what: `${what}, ${PEER}`, measure, unit: "resources" },
      values: back.peers.map(({ sent }) => sent),
    }],
  };
}

async function changesOf(
  { quick, rounds }: BenchContext,
  { ours, peers }: Sides,
  size: number,
): Promise<{ readonly comparisons: readonly Comparison[]; readonly p50: number }> {
  const count = quick ? 30 : 300;
  const changes = await inTurns(
    rounds,
    (round) => ours.changes(count, round),
    (round) => peers.changes(count, round),
  );
  const comparisons = ([["p50", 0.5], ["p99", 0.99]] as const).map(([measure, share]): Comparison => ({
    ...{ what: `${size} awake views`, measure: `change → ACK, ${measure}`, unit: "ms", peer: PEER },
    goal: { be: "at most", ratio: 1 },
    ours: changes.ours.map((took) => quantile(took, share)),
    peers: changes.peers.map((took) => quantile(took, share)),
    headline: `Envoy's ACK of one change among ${size} awake views, ${measure}`,
  }));
  return { comparisons, p50: median(changes.ours.map((took) => quantile(took, 0.5))) };
}

async function stop({ ours, peers }: Partial<Sides>): Promise<void> {
  await Promise.all([ours?.stop(), peers?.stop()]);
}

function withoutHeadline({ headline: _, ...rest }: Comparison): Comparison {
  return rest;
}

/** An xDS server and the Envoy that it serves. */
class Side {
  readonly firstLoad: number;
  readonly #start: () => Promise<AdsProcess>;
  readonly #views: (round: number, view: number) => Resource;
  readonly #size: number;
  readonly #envoy: EnvoyProcess;
  readonly #directory: string;
  #ads: AdsProcess;

  private constructor(
    made: { start: () => Promise<AdsProcess>; envoy: EnvoyProcess; ads: AdsProcess; firstLoad: number },
    settings: EnvoySettings,
    size: number,
  ) {
    this.#start = made.start;
    this.#envoy = made.envoy;
    this.#ads = made.ads;
    this.firstLoad = made.firstLoad;
    this.#size = size;
    this.#directory = settings.socketDirectory;
    this.#views = (round, view) => viewOf(view, 2 + round, settings).find(({ type }) => type === ENDPOINTS)!;
  }

  static async start(
    { directory: base, signal }: BenchContext,
    name: string,
    command: readonly [string, ...string[]],
    size: number,
  ): Promise<Side> {
    const directory = join(base, `${name}-${size}`);
    await Deno.mkdir(directory);
    const settings: EnvoySettings = {
      ...configOf((variable) => variable === "NAMESPACE" ? "bench" : undefined),
      ...{ socketDirectory: directory, listenAddress: "127.0.0.1", listenPort: 0, gateToken: "bench" },
      authentication: "none",
    };
    const views = Array.from({ length: size }, (_, view) => viewOf(view, 1, settings)).flat();
    const file = join(directory, "resources.jsonl");
    await writeResources(file, [...constantResources(settings), ...views]);
    const start = () => AdsProcess.start(command, socketsIn(directory).grpc, file, signal);
    let ads: AdsProcess | undefined;
    let envoy: EnvoyProcess | undefined;
    try {
      ads = await start();
      envoy = await EnvoyProcess.start({ bootstrap: await envoyBootstrap(directory) });
      const { milliseconds: firstLoad } = await ads.loaded();
      await envoy.ready(LOAD_LIMIT);
      return new Side({ start, envoy, ads, firstLoad }, settings, size);
    } catch (error) {
      await Promise.all([ads?.stop(), envoy?.stop()]);
      throw error;
    }
  }

  /** Replaces the server by a new process, which serves the first resources again. */
  async reconnect(): Promise<{ readonly milliseconds: number; readonly sent: number }> {
    await this.#ads.stop();
    this.#ads = await this.#start();
    const { milliseconds } = await this.#ads.loaded();
    await pause(500);
    return { milliseconds, sent: await this.#ads.sent() };
  }

  /** Makes changes one after the other, each to another view. Answers how many milliseconds each took. */
  async changes(count: number, round: number): Promise<number[]> {
    const took: number[] = [];
    for (let i = 0; i < count; i++) {
      // Spread over all views. A round with fewer changes than views changes none twice.
      const view = (i * Math.max(1, Math.floor(this.#size / count))) % this.#size;
      took.push(await this.#ads.change(this.#views(round * count + i, view)));
    }
    return took;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#ads.stop(), this.#envoy.stop()]);
    await Deno.remove(this.#directory, { recursive: true });
  }
}

/** A view with one pod. The port differs between versions of its endpoints. */
function viewOf(view: number, version: number, settings: EnvoySettings): readonly Resource[] {
  const address = `10.${1 + (view >> 16)}.${(view >> 8) & 255}.${view & 255}`;
  return viewResources({ name: `view-${view}`, serving: [{ address, port: version }], draining: [] }, settings);
}
