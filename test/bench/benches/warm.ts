import { join } from "node:path";
import { step } from "../../../scripts/progress.ts";
import type { Bench, Context, Measured } from "../bench.ts";
import type { Comparison } from "../comparison.ts";
import { type Answered, h2load, type Protocol } from "../h2load.ts";
import { inTurns } from "../in_turns.ts";
import { LineProcess } from "../line_process.ts";
import { peers } from "../peers.ts";
import { usage } from "../usage.ts";
import { WarmEnvoy } from "../warm_envoy.ts";

const PEER = "Envoy with a static route";

interface Case {
  readonly protocol: Protocol;
  readonly path: string;
  readonly size: string;
  readonly connections: number;
  readonly streams: number;
}

const cases: readonly Case[] = [
  { protocol: "HTTP/1.1", path: "/small", size: "100 B", connections: 32, streams: 1 },
  { protocol: "HTTP/2", path: "/small", size: "100 B", connections: 4, streams: 8 },
  { protocol: "HTTP/1.1", path: "/large", size: "1 MB", connections: 8, streams: 1 },
  { protocol: "HTTP/2", path: "/large", size: "1 MB", connections: 4, streams: 2 },
];

/** At a time, for p50 and p99: with more they would only say how long the queue is. */
const FEW = 2;

export const warm: Bench = {
  name: "warm",
  title: "A request for a view that is awake",
  about:
    `One Envoy with one worker has the gateway's listeners and routes, as the sidecar gives them to it, and beside them
a listener with nothing but a static route. Both lead to one web server on the same machine. h2load asks as fast as it is
answered: on many connections for the rate, and with two requests at a time for p50 and p99.`,
  run,
};

async function run(context: Context): Promise<Measured> {
  const { directory, quick, rounds, signal } = context;
  const programs = await peers("http", signal);
  await using backend = new LineProcess(join(programs, "backend"), []);
  const port = Number(await backend.line(signal));
  await using envoy = await WarmEnvoy.start({ backend: port, direct: [port], accessLog: false, directory });
  const seconds = quick ? 0.5 : 2.5;

  const comparisons: Comparison[] = [];
  for (const { protocol, path, size, connections, streams } of cases) {
    const load = (to: number, few: boolean): Promise<Answered> =>
      h2load({
        ...{ url: `http://bench.localhost${path}`, port: to, protocol, seconds, directory, signal },
        ...few ? { connections: FEW, streams: 1 } : { connections, streams },
      });
    const loaded = async (to: number): Promise<Answered & { readonly cpu: number }> => {
      const before = await usage(envoy.pid);
      const answered = await load(to, false);
      const after = await usage(envoy.pid);
      return { ...answered, cpu: (after.cpu - before.cpu) * 1e6 / answered.all };
    };
    const what = `${protocol}, ${size}`;
    await step(`warm: ${what}`, async () => {
      const many = await inTurns(rounds, () => loaded(envoy.gateway), () => loaded(envoy.direct[0]!));
      const few = await inTurns(rounds, () => load(envoy.gateway, true), () => load(envoy.direct[0]!, true));
      const series = <T>(from: { ours: T[]; peers: T[] }, key: (of: T) => number) => ({
        ours: from.ours.map(key),
        peer: PEER,
        peers: from.peers.map(key),
      });
      const headline = (text: string) =>
        path === "/small" ? { headline: `A warm request over ${protocol}: ${text}` } : {};
      comparisons.push(
        {
          ...{ what, measure: "rate", unit: "requests/s", goal: { be: "at least", ratio: 0.98 } },
          ...series(many, ({ rate }) => rate),
          ...headline("requests in a second"),
        },
        {
          ...{ what, measure: "p50, two at a time", unit: "ms", goal: { be: "at most", ratio: 1.02 } },
          ...series(few, ({ p50 }) => p50),
          ...headline("the time of the median one"),
        },
        { what, measure: "Envoy's CPU for a request", unit: "µs", ...series(many, ({ cpu }) => cpu) },
        {
          ...{ what, measure: "p99, two at a time", unit: "ms", goal: { be: "at most", ratio: 1.1 } },
          ...series(few, ({ p99 }) => p99),
        },
      );
    });
  }
  return { comparisons };
}
