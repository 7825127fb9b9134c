import { startPrometheus } from "./prometheus.ts";

/** By how much the alerts of the stories are faster than the shipped ones: ten minutes take twenty seconds. */
export const ALERTS_FACTOR = 30;

/** Seconds between two scrapes: the shortest that Prometheus takes. */
export const SCRAPE_SECONDS = 1;

export interface AlertsPrometheus extends AsyncDisposable {
  /** What stories need to know of it. */
  readonly env: Readonly<Record<string, string>>;
}

/** The Prometheus of one run of the stories or the faults, in the network of the pods. */
export async function alertsPrometheus(netns: string, signal: AbortSignal): Promise<AlertsPrometheus> {
  const listen = "127.0.0.1:19090";
  const running = await startPrometheus({ netns, listen, factor: ALERTS_FACTOR, interval: SCRAPE_SECONDS }, signal);
  const { url, targets } = running;
  return {
    env: { PROMETHEUS_URL: url, PROMETHEUS_TARGETS: targets },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}
