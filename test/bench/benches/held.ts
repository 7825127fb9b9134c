import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../scripts/process/step.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison } from "../report/comparison.ts";
import { h2load } from "../load/h2load.ts";
import { AWAKE, HoldingEnvoy } from "../processes/holding_envoy.ts";
import { inTurns } from "../load/in_turns.ts";
import { LineProcess } from "../processes/line_process.ts";
import { peers } from "../peers.ts";

const CLIENTS = 200;
const MIB = 1 << 20;
const BYTES = 8 * MIB;

/** Seconds after which the bench no longer waits for held requests to end. */
const PATIENCE = 10;

export const held: Bench = {
  name: "held",
  title: "Uploads to a view that sleeps",
  about:
    `${CLIENTS} clients push 8 MiB each, at once, and then vanish: to one view that does not become ready, or to one view
each. Whole, their bodies would take 3.1 GiB. The peer is the same Envoy and gate with Envoy's own buffers and no limit on
what is held, as the gateway once was. Meanwhile two requests at a time go to an awake view. All clients and servers share the
machine's cores, so the rise of the p99 is what the uploads take of them. The bench waits at most ${PATIENCE} s for the end of
a vanished client.`,
  run,
};

interface Found {
  /** The most memory of Envoy, in MiB above its memory before. */
  readonly memory: number;
  /** Seconds from the end of the clients until no request is held. */
  readonly letGo: number;
  /** Envoy's memory then, in MiB above its memory before. */
  readonly left: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly p99Before: number;
  /** Clients whose request was refused with a hint to try again. */
  readonly refused: number;
}

async function run(context: BenchContext): Promise<Measured> {
  const { quick, rounds, signal } = context;
  const clients = quick ? 20 : CLIENTS;
  const web = await peers("http", signal);
  await using backend = new LineProcess(join(web, "backend"), []);
  const port = Number(await backend.line(signal));

  const measure = (bounded: boolean, views: "one" | "each") =>
    measureUploads(context, { backend: port, clients, bounded, views });
  const comparisons: Comparison[] = [];
  const refused: number[] = [];
  for (const [what, views] of [["at one view", "one"], ["at a view each", "each"]] as const) {
    const found = await step(
      `held: ${what}`,
      () => inTurns(rounds, () => measure(true, views), () => measure(false, views)),
    );
    comparisons.push(...heldComparisons(`${clients} uploads ${what}`, views, found));
    refused.push(...found.ours.map(({ refused }) => refused));
  }
  return {
    comparisons,
    figures: [{ what: `of ${clients} uploads`, measure: "told to come again", unit: "clients", values: refused }],
  };
}

interface Uploads {
  /** The port of the web server that answers for awake views. */
  readonly backend: number;
  readonly clients: number;
  /** Whether the gateway's own bounds hold. */
  readonly bounded: boolean;
  /** Whether all clients ask for one view, or each for its own. */
  readonly views: "one" | "each";
}

async function measureUploads(
  { directory, quick, signal }: BenchContext,
  { backend, clients, bounded, views }: Uploads,
): Promise<Found> {
  const sockets = await Deno.makeTempDir({ dir: directory });
  await using envoy = await HoldingEnvoy.start({ backend, bounded, directory: sockets });
  const warm = (seconds: number) =>
    h2load({
      ...{ url: `http://${AWAKE}.localhost/small`, port: envoy.port, protocol: "HTTP/1.1" },
      ...{ directory, signal, seconds, connections: 2, streams: 1 },
    });
  const p99Before = (await warm(quick ? 0.5 : 2)).p99;
  const before = await envoy.allocated();
  await using uploads = new LineProcess(Deno.execPath(), [
    ...["run", "--no-check", "-A", fileURLToPath(new URL("../load/uploads.ts", import.meta.url))],
    ...[envoy.port, clients, BYTES, views].map(String),
  ]);
  await uploads.line(signal);
  const loading = warm(quick ? 1 : 4);
  await using peak = watchPeak(() => envoy.allocated());
  const { p99 } = await loading;
  await uploads.say("vanish");
  const refused = Number(await uploads.line(signal));
  const vanished = performance.now();
  while (envoy.held > 0 && performance.now() - vanished < PATIENCE * 1000) await pause(10);
  const letGo = (performance.now() - vanished) / 1000;
  // Envoy frees the memory of a connection a moment after its end.
  await pause(500);
  const most = Math.max(before, await peak.stop());
  const left = Math.max(0, await envoy.allocated() - before);
  return {
    ...{ memory: (most - before) / MIB, letGo, left: left / MIB, p99, p99Before, refused },
  };
}

function heldComparisons(
  what: string,
  views: "one" | "each",
  found: { readonly ours: readonly Found[]; readonly peers: readonly Found[] },
): readonly Comparison[] {
  const comparison = (measure: string, unit: string, of: (found: Found) => number): Comparison => ({
    ...{ what, measure, unit, peer: "Envoy's own buffers, no bound" },
    ...{ ours: found.ours.map(of), peers: found.peers.map(of) },
  });
  return [
    {
      ...comparison("memory at most", "MiB", ({ memory }) => memory),
      ...views === "each" && {
        headline: "Envoy's memory for 200 uploads of 8 MiB to views that sleep",
      },
    },
    comparison("held after the clients' end", "s", ({ letGo }) => letGo),
    comparison("memory left then", "MiB", ({ left }) => left),
    comparison("p99 of a warm request before", "ms", ({ p99Before }) => p99Before),
    comparison("p99 of a warm request meanwhile", "ms", ({ p99 }) => p99),
  ];
}

/** Reads a value every 50 ms; `stop` answers the highest. */
function watchPeak(read: () => Promise<number>): AsyncDisposable & { stop(): Promise<number> } {
  let peak = -Infinity;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      peak = Math.max(peak, await read());
      await pause(50);
    }
  })();
  const stop = async () => {
    stopped = true;
    await watching;
    return peak;
  };
  return { stop, [Symbol.asyncDispose]: async () => void await stop() };
}
