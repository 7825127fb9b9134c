/**
 * When the example's page began to listen, in milliseconds since the epoch, from its log.
 * @throws Error if the log does not say so
 */
export function servingSince(log: string): number {
  for (const line of log.split("\n")) {
    if (!line.startsWith("{")) continue;
    const { msg, time } = JSON.parse(line);
    if (msg === "serving") return milliseconds(time);
  }
  throw new Error(`The view's log does not say when it began to serve:\n${log}`);
}

/** A Date has no fractions of milliseconds. */
function milliseconds(time: string): number {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "0";
  return Math.floor(Date.parse(time) / 1000) * 1000 + Number(`0.${fraction}`) * 1000;
}
