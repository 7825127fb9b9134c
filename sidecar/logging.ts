import {
  configure,
  getConsoleSink,
  getLogger,
  jsonLinesFormatter,
  type Logger,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

/** Takes a message and its properties; LogTape's loggers are of this kind. */
export interface Log {
  info(message: string, properties: Record<string, unknown>): void;
  warn(message: string, properties: Record<string, unknown>): void;
  error(message: string, properties: Record<string, unknown>): void;
}

/** Every log line goes to standard output as one JSON object. Called once, by the program. */
export async function startLogging(level: LogLevel): Promise<void> {
  await configure({
    sinks: { lines: getConsoleSink({ formatter: jsonLine }) },
    loggers: [
      { category: [ROOT], lowestLevel: level, sinks: ["lines"] },
      // Who did what is no matter of a level.
      { category: [ROOT, "audit"], lowestLevel: "info", sinks: ["lines"], parentSinks: "override" },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["lines"] },
    ],
  });
}

/** The logger of one part of the sidecar; silent until `startLogging`. */
export function logger(part: string): Logger {
  return getLogger([ROOT, part]);
}

/** One line of JSON. An error in the message becomes its own message: JSON has nothing of an Error. */
export function jsonLine(record: LogRecord): string {
  const message = record.message.map((part) => part instanceof Error ? part.message : part);
  return jsonLinesFormatter({ ...record, message });
}

/** A text as a message: braces in it are no placeholders. */
export function escapeBraces(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}

const ROOT = "view-gateway";
