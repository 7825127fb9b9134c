import {
  configure,
  getConsoleSink,
  getLogger,
  jsonLinesFormatter,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

/** Every log line goes to standard output as one JSON object. Called once, by the program. */
export async function startLogging(level: LogLevel): Promise<void> {
  await configure({
    sinks: { lines: getConsoleSink({ formatter: line }) },
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

/** One line. An error within the message is told by its own message, which JSON has nothing of. */
export function line(record: LogRecord): string {
  const message = record.message.map((part) => part instanceof Error ? part.message : part);
  return jsonLinesFormatter({ ...record, message });
}

/** A text as a message: what stands in braces in it is no placeholder. */
export function literal(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

const ROOT = "view-gateway";
