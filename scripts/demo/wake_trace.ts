import { setTimeout as pause } from "node:timers/promises";
import type { ZipkinSpan } from "../traces/zipkin_spans.ts";

/** Envoy and the sidecar send spans within a second or two. */
const LIMIT = 20_000;
const QUIET = 3_000;

/** What a search in Zipkin answers: the spans that it has of some traces. */
export type ZipkinTraces = readonly (readonly ZipkinSpan[])[];

/**
 * The trace of the first request for a host since then.
 * @param since microseconds since the epoch
 */
export function traceOfHost(traces: ZipkinTraces, host: string, since: number): readonly ZipkinSpan[] | undefined {
  const begin = (spans: readonly ZipkinSpan[]) => Math.min(...spans.map(({ timestamp }) => timestamp));
  return traces
    .filter((spans) => spans.some(({ tags }) => hostOfUrl(tags?.["http.url"]) === host) && begin(spans) >= since)
    .toSorted((a, b) => begin(a) - begin(b))[0];
}

/** The tag of Envoy's span has no path. */
function hostOfUrl(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /^https?:\/\/([^/]+)/.exec(url)?.[1];
}

/**
 * Waits until Zipkin has the trace of a request that has been answered, and no more spans of it come.
 * @param zipkin its URL
 * @param since milliseconds since the epoch
 * @returns the trace's identifier; undefined where none has come, or Zipkin has ended meanwhile
 */
export async function wakeTrace(
  zipkin: string,
  host: string,
  since: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  let found: readonly ZipkinSpan[] | undefined;
  let changed = Date.now();
  for (const end = Date.now() + LIMIT; Date.now() < end; await pause(500, undefined, { signal })) {
    const query = new URLSearchParams({ limit: "100", lookback: String(Date.now() - since + 1_000) });
    const traces = await tracesIn(`${zipkin}/api/v2/traces?${query}`, signal);
    if (traces === undefined) return undefined;
    const now = traceOfHost(traces, host, since * 1_000);
    if (now?.length !== found?.length) changed = Date.now();
    found = now;
    if (found !== undefined && Date.now() - changed > QUIET) break;
  }
  return found?.[0]?.traceId;
}

/** Undefined where Zipkin does not answer as it should: the demo goes on without. */
async function tracesIn(url: string, signal: AbortSignal): Promise<ZipkinTraces | undefined> {
  try {
    const answer = await fetch(url, { signal });
    if (answer.ok) return await answer.json();
    await answer.body?.cancel();
  } catch {
    signal.throwIfAborted();
  }
  return undefined;
}
