/** Most characters of the line. */
const MAX_LENGTH = 300;

/** Escape sequences of terminals, such as colours, and control characters. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNREADABLE = /\x1b\[[0-9;:?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The last line of a log that is not empty, without control characters. */
export function lastLine(log: string): string {
  const line =
    log.split(/[\r\n\u2028\u2029]+/).map((line) => line.replace(UNREADABLE, "").trim()).findLast((line) =>
      line !== ""
    ) ?? "";
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
