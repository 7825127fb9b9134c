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
  const what = `${size} awake views`;
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];

  // Each load is of a new Envoy; the last one's stay for what follows.
  const loads = quick ? 1 : Math.min(rounds, 3);
  let kept: { readonly ours: Side; readonly peers: Side } | undefined;
  try {
    const first: { ours: number[]; peers: number[] } = { ours: [], peers: [] };
    for (let round = 0; round < loads; round++) {
      await stop(kept);
      kept = undefined;
      const made: Side[] = [];
      try {
        const { ours, peers } = await inTurns(1, async () => {
          made[0] = await Side.start(context, "ours", ourAds, size);
          return made[0].firstLoad;
        }, async () => {
          made[1] = await Side.start(context, "peers", peerAds(programs), size);
          return made[1].firstLoad;
        });
        first.ours.push(...ours);
        first.peers.push(...peers);
      } catch (error) {
        await Promise.all(made.map((side) => side.stop()));
        throw error;
      }
      kept = { ours: made[0]!, peers: made[1]! };
    }
    const { ours, peers } = kept!;
    comparisons.push({
      ...{ what, measure: "first load", unit: "ms", goal: { be: "at most", ratio: 1.1 } },
      ...{ ...first, peer: PEER, headline: `The first load of an Envoy with ${size} awake views` },
    });

    const back = await inTurns(loads, () => ours.reconnect(), () => peers.reconnect());
    comparisons.push({
      ...{ what, measure: "reconnect with nothing changed", unit: "ms", peer: PEER },
      ours: back.ours.map(({ milliseconds }) => milliseconds),
      peers: back.peers.map(({ milliseconds }) => milliseconds),
    });
    figures.push({
      ...{ what, measure: "resources sent after a reconnect with nothing changed", unit: "resources" },
      ...{ values: back.ours.map(({ sent }) => sent), goal: { be: "at most", value: 0 } },
    }, {
      ...{ what: `${what}, ${PEER}`, measure: "resources sent after a reconnect with nothing changed" },
      ...{ unit: "resources", values: back.peers.map(({ sent }) => sent) },
    });

    const count = quick ? 30 : 300;
    const changes = await inTurns(
      rounds,
      (round) => ours.changes(count, round),
      (round) => peers.changes(count, round),
    );
    for (const [measure, share] of [["p50", 0.5], ["p99", 0.99]] as const) {
      comparisons.push({
        ...{ what, measure: `change → ACK, ${measure}`, unit: "ms", goal: { be: "at most", ratio: 1 }, peer: PEER },
        ours: changes.ours.map((took) => quantile(took, share)),
        peers: changes.peers.map((took) => quantile(took, share)),
        headline: `Envoy's ACK of one change among ${size} awake views, ${measure}`,
      });
    }
    return { comparisons, figures, p50: median(changes.ours.map((took) => quantile(took, 0.5))) };
  } finally {
    await stop(kept);
  }
}

async function stop(sides: { readonly ours: Side; readonly peers: Side } | undefined): Promise<void> {
  await Promise.all([sides?.ours.stop(), sides?.peers.stop()]);
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

  /** The server is another process from now on; what was changed is as it was in the beginning. */
  async reconnect(): Promise<{ readonly milliseconds: number; readonly sent: number }> {
    await this.#ads.stop();
    this.#ads = await this.#start();
    const { milliseconds } = await this.#ads.loaded();
    await pause(500);
    return { milliseconds, sent: await this.#ads.sent() };
  }

  /** Milliseconds of each of so many changes, one after the other and each of another view. */
  async changes(count: number, round: number): Promise<number[]> {
    const took: number[] = [];
    for (let i = 0; i < count; i++) {
      // Spread over all views, and never twice the same in a round of fewer changes than views.
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

/** One pod, whose port tells the versions of its view's endpoints apart. */
function viewOf(view: number, version: number, settings: EnvoySettings): readonly Resource[] {
  const address = `10.${1 + (view >> 16)}.${(view >> 8) & 255}.${view & 255}`;
  return viewResources({ name: `view-${view}`, serving: [{ address, port: version }], draining: [] }, settings);
}
