/** Most characters of the line. */
const MAX_LENGTH = 300;

/** Most lines, and most characters, of several lines. The kubelet keeps fewer: 80 lines, and 4,096 bytes. */
const MAX_LINES = 100;
const MAX_CHARACTERS = 8_000;

/**
 * Escape sequences of terminals, such as colours, links and titles; control characters; and the characters that turn the
 * direction of text, with which a line can look like another.
 */
const UNREADABLE =
  // deno-lint-ignore no-control-regex -- they are what is looked for
  /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;:?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** The last line of a log that is not empty, without control characters. */
export function lastLine(log: string): string {
  const line = linesOf(log).findLast((line) => line.trim() !== "")?.trim() ?? "";
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}

/** The last lines of a log, without control characters, and without empty lines at both ends. */
export function lastLines(log: string): readonly string[] {
  const text = log.slice(-MAX_CHARACTERS).toWellFormed();
  const lines = linesOf(text).map((line) => line.trimEnd()).slice(-MAX_LINES);
  const isFull = (line: string) => line !== "";
  return lines.slice(Math.max(0, lines.findIndex(isFull)), lines.findLastIndex(isFull) + 1);
}

/** The lines as a person reads them. */
function linesOf(log: string): readonly string[] {
  return log.split(/\r?\n|[\r\u2028\u2029]/).map((line) => line.replace(UNREADABLE, ""));
}
