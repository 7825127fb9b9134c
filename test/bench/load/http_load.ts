import type { BenchContext } from "../bench.ts";
import type { Comparison, Goal } from "../report/comparison.ts";
import { type Answered, h2load, type Protocol } from "./h2load.ts";
import { inTurns } from "./in_turns.ts";
import { usage } from "../processes/usage.ts";

/** The requests to the web server, and how many at a time. */
export interface HttpLoad {
  readonly protocol: Protocol;
  readonly path: string;
  readonly size: string;
  readonly connections: number;
  readonly streams: number;
}

export const httpLoads: readonly HttpLoad[] = [
  { protocol: "HTTP/1.1", path: "/small", size: "100 B", connections: 32, streams: 1 },
  { protocol: "HTTP/2", path: "/small", size: "100 B", connections: 4, streams: 8 },
  { protocol: "HTTP/1.1", path: "/large", size: "1 MB", connections: 8, streams: 1 },
  { protocol: "HTTP/2", path: "/large", size: "1 MB", connections: 4, streams: 2 },
];

/** Requests at a time for p50 and p99. With more, these would only show the length of the queue. */
const FEW = 2;

interface Way {
  readonly port: number;
  readonly path: string;
}

/** Two ways to one web server, by their ports on 127.0.0.1. */
export interface Ways {
  readonly ours: number;
  readonly peer: {
    readonly name: string;
    readonly port: number;
    /** Only if it differs. */
    readonly path?: string;
  };
  /** The process ID of the Envoy on both ways, whose CPU is measured. */
  readonly envoy: number;
}

export interface Goals {
  readonly rate?: Goal;
  readonly p50?: Goal;
  readonly p99?: Goal;
}

type Loaded = Answered & { readonly cpu: number };

/** Sends requests on both ways: over many connections for the rate, two at a time for p50 and p99. */
export async function measureHttpLoad(
  { directory, quick, rounds, signal }: BenchContext,
  { protocol, path, size, connections, streams }: HttpLoad,
  { ours, peer, envoy }: Ways,
  goals: Goals,
): Promise<readonly Comparison[]> {
  const [our, other]: readonly [Way, Way] = [{ port: ours, path }, { path, ...peer }];
  const seconds = quick ? 0.5 : 1.5;
  const load = ({ port, path }: Way, few: boolean): Promise<Answered> =>
    h2load({
      ...{ url: `http://bench.localhost${path}`, port, protocol, seconds, directory, signal },
      ...few ? { connections: FEW, streams: 1 } : { connections, streams },
    });
  const loaded = async (way: Way): Promise<Loaded> => {
    const before = await usage(envoy);
    const answered = await load(way, false);
    const after = await usage(envoy);
    return { ...answered, cpu: (after.cpu - before.cpu) * 1e6 / answered.all };
  };
  const many = await inTurns(rounds, () => loaded(our), () => loaded(other));
  const few = await inTurns(rounds, () => load(our, true), () => load(other, true));

  const what = `${protocol}, ${size}`;
  const comparison = <T>(
    measure: string,
    unit: string,
    from: { readonly ours: readonly T[]; readonly peers: readonly T[] },
    key: (of: T) => number,
    goal?: Goal,
  ): Comparison => ({
    ...{ what, measure, unit, ours: from.ours.map(key), peer: peer.name, peers: from.peers.map(key) },
    ...goal && { goal },
  });
  return [
    comparison("rate", "requests/s", many, ({ rate }) => rate, goals.rate),
    comparison("p50, two at a time", "ms", few, ({ p50 }) => p50, goals.p50),
    comparison("p99, two at a time", "ms", few, ({ p99 }) => p99, goals.p99),
    comparison("Envoy's CPU for a request", "µs", many, ({ cpu }) => cpu),
  ];
}
