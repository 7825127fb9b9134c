import { configure, getConsoleSink, getLogger, jsonLinesFormatter, type Logger, type LogLevel } from "@logtape/logtape";

/** Every log line goes to standard output as one JSON object. Called once, by the program. */
export async function startLogging(level: LogLevel): Promise<void> {
  await configure({
    sinks: { lines: getConsoleSink({ formatter: jsonLinesFormatter }) },
    loggers: [
      { category: [ROOT], lowestLevel: level, sinks: ["lines"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["lines"] },
    ],
  });
}

/** The logger of one part of the sidecar; silent until `startLogging`. */
export function logger(part: string): Logger {
  return getLogger([ROOT, part]);
}

const ROOT = "view-gateway";
