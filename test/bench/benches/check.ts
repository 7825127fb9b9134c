import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../../scripts/process/command.ts";
import { step } from "../../../scripts/process/step.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison } from "../report/comparison.ts";
import { inTurns } from "../load/in_turns.ts";
import { LineProcess } from "../processes/line_process.ts";
import { peers } from "../peers.ts";
import { median, rateAt } from "../report/statistics.ts";
import { usage } from "../processes/usage.ts";

const PEER = "grpc-go";
const VIEWS = 10_000;

/** Limits of the p99, in milliseconds. The rate is found for each. */
const LIMITS = [2, 5, 10];

interface Point {
  readonly calls: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU that the server uses for one call. */
  readonly cpu: number;
}

interface Server {
  readonly socket: string;
  readonly http: boolean;
  readonly pid: number;
}

export const check: Bench = {
  name: "check",
  title: "The gate answers a request from memory",
  about:
    `The gate also answers requests for views that are awake. What one costs bounds how many views can wake at once. The
sidecar's ext_authz has ${VIEWS} awake views and all that it does for a Check: parsing, decision, metrics. The peer is the
least that a server with grpc-go can do: look a name up in a map. Both listen on a Unix socket. One client in Go asks like a
worker of Envoy, over HTTP/1.1 here and over one gRPC connection there, with more and more requests at a time. Rates are
compared at equal p99.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { directory, quick, rounds, signal } = context;
  const programs = await peers("grpc", signal);
  const server = fileURLToPath(new URL("../servers/authorization.ts", import.meta.url));
  const sockets = { ours: join(directory, "ours.sock"), peers: join(directory, "peers.sock") };
  await using ours = new LineProcess(Deno.execPath(), [
    "run",
    "--no-check",
    "--unstable-no-legacy-abort",
    "-A",
    server,
    sockets.ours,
    String(VIEWS),
  ]);
  await using theirs = new LineProcess(join(programs, "authorization"), [sockets.peers, String(VIEWS)]);
  await Promise.all([ours.line(signal), theirs.line(signal)]);

  const servers = {
    ours: { socket: sockets.ours, http: true, pid: ours.pid },
    peers: { socket: sockets.peers, http: false, pid: theirs.pid },
  };

  const call = async ({ socket, http, pid }: Server, calls: number, seconds: number): Promise<Point> => {
    const args = { socket, http, calls, seconds, views: VIEWS };
    const flags = Object.entries(args).map(([name, value]) => `-${name}=${value}`);
    const before = await usage(pid);
    const found = JSON.parse(await runCommand(join(programs, "checks"), flags, { signal }));
    return { calls, cpu: ((await usage(pid)).cpu - before.cpu) * 1e6 / found.all, ...found };
  };
  const loads = quick ? [1, 8, 64] : [1, 2, 4, 8, 16, 32, 64, 128];
  const curve = async (server: Server): Promise<Point[]> => {
    const points: Point[] = [];
    for (const calls of loads) points.push(await call(server, calls, quick ? 0.5 : 1));
    return points;
  };
  const curves = await step("check: more and more calls at a time", async () => {
    // Let the servers compile and fill their caches.
    for (const server of Object.values(servers)) await call(server, 32, quick ? 1 : 4);
    return await inTurns(rounds, () => curve(servers.ours), () => curve(servers.peers));
  });

  return checkResults(curves, loads, rounds);
}

interface Curves {
  /** A curve for each round. */
  readonly ours: readonly (readonly Point[])[];
  readonly peers: readonly (readonly Point[])[];
}

function checkResults(curves: Curves, loads: readonly number[], rounds: number): Measured {
  const comparisons: Comparison[] = [];
  for (const limit of LIMITS) {
    const ours = curves.ours.flatMap((curve) => rateAt(curve, limit) ?? []);
    const peers = curves.peers.flatMap((curve) => rateAt(curve, limit) ?? []);
    if (ours.length < rounds || peers.length < rounds) continue;
    comparisons.push({
      ...{ what: `p99 within ${limit} ms`, measure: "rate", unit: "Checks/s", peer: PEER, ours, peers },
      ...{
        goal: { be: "at least", ratio: 0.9 },
        headline: `Requests in a second that the gate answers within ${limit} ms`,
      },
    });
  }
  comparisons.push({
    ...{ what: "one at a time", measure: "p50", unit: "ms", peer: PEER },
    ours: curves.ours.map(([one]) => one!.p50),
    peers: curves.peers.map(([one]) => one!.p50),
  }, {
    ...{ what: `${loads.at(-1)} at a time`, measure: "the server's CPU for one", unit: "µs", peer: PEER },
    ours: curves.ours.map((curve) => curve.at(-1)!.cpu),
    peers: curves.peers.map((curve) => curve.at(-1)!.cpu),
  });
  const points = ([["ours", curves.ours], [PEER, curves.peers]] as const).flatMap(([who, curves]) =>
    loads.map((_, i) => ({
      who,
      x: median(curves.map((curve) => curve[i]!.rate)),
      y: median(curves.map((curve) => curve[i]!.p99)),
    }))
  );
  return { comparisons, curves: [{ title: "Checks", x: "Checks in a second", y: "p99, ms", points }] };
}
