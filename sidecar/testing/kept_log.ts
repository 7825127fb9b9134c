import { configure, type LogRecord, reset } from "@logtape/logtape";
import { jsonLine } from "../logging.ts";

export interface KeptLog extends AsyncDisposable {
  /** Each line as the sidecar writes it. */
  lines(): readonly string[];
}

/** Keeps the sidecar's log at every level, from now on. */
export async function keepLog(): Promise<KeptLog> {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: [], lowestLevel: "trace", sinks: ["kept"] },
      { category: ["logtape", "meta"], lowestLevel: "warning" },
    ],
    reset: true,
  });
  return { lines: () => records.map(jsonLine), [Symbol.asyncDispose]: () => reset() };
}
