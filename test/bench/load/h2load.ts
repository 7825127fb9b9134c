import { join } from "node:path";
import { requireCommand } from "../../../scripts/packages/debian.ts";
import { runCommand } from "../../../scripts/process/command.ts";
import { quantile } from "../report/statistics.ts";

export type Protocol = "HTTP/1.1" | "HTTP/2";

export interface Load {
  /** Its host is what is asked for; the connection goes to 127.0.0.1 at `port`. */
  readonly url: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly connections: number;
  /** Requests at a time on each connection; 1 with HTTP/1.1. */
  readonly streams: number;
  readonly seconds: number;
  /** For the log. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

export interface Answered {
  /** Requests, also those that do not count below. */
  readonly all: number;
  /** Requests in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Seconds that are not counted: connections are made, code and caches are warm after them. */
const WARM = 0.5;

/** Debian's load generator of nghttp2, which speaks both protocols and logs each request. */
export async function h2load(load: Load): Promise<Answered> {
  await requireCommand("h2load", "nghttp2-client", load.signal);
  const log = join(load.directory, "h2load.log");
  const { connections, streams, protocol, seconds } = load;
  const printed = await runCommand("h2load", [
    ...[`--clients=${connections}`, `--max-concurrent-streams=${protocol === "HTTP/2" ? streams : 1}`, "--threads=1"],
    ...[
      `--duration=${Math.round((seconds + WARM) * 1000)}ms`,
      `--log-file=${log}`,
      `--connect-to=127.0.0.1:${load.port}`,
    ],
    ...protocol === "HTTP/1.1" ? ["--h1"] : [],
    load.url,
  ], { signal: load.signal });
  const failed = /(\d+) failed, (\d+) errored, (\d+) timeout/.exec(printed);
  if (failed === null || failed.slice(1).some((count) => count !== "0")) {
    throw new Error(`Requests to ${load.url} failed:\n${printed}`);
  }
  try {
    return answered(await Deno.readTextFile(log), WARM, seconds);
  } finally {
    await Deno.remove(log);
  }
}

/**
 * @param log lines of start (microseconds since the epoch), status and duration in microseconds, with tabs between
 * @param warm seconds at the beginning that do not count
 * @throws Error where an answer was not 200
 */
export function answered(log: string, warm: number, seconds: number): Answered {
  const lines = log.trim().split("\n").map((line) => line.split("\t").map(Number));
  const bad = lines.find(([, status]) => status !== 200);
  if (bad !== undefined) throw new Error(`A request was answered ${bad[1]}.`);
  const first = lines.reduce((least, [start]) => Math.min(least, start!), Infinity) + warm * 1e6;
  const took = lines.filter(([start, , took]) => start! >= first && start! + took! <= first + seconds * 1e6)
    .map(([, , took]) => took! / 1000);
  return { all: lines.length, rate: took.length / seconds, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };
}
