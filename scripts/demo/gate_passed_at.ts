/**
 * When a sidecar's gate let the first request for a view pass, in milliseconds since the epoch, from the log of one or
 * more sidecars at level debug; undefined where the log does not tell. The gate does so as soon as its Envoy has ACKed
 * the view's endpoints.
 */
export function gatePassedAt(log: string, view: string, since: number): number | undefined {
  const times = log.split("\n").flatMap((line) => {
    if (!line.includes(`"outcome":"pass"`)) return [];
    const { "@timestamp": timestamp, properties } = JSON.parse(line);
    const time = Date.parse(timestamp);
    return properties?.view === view && time >= since ? [time] : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}
