/** Most characters that are kept of a line. */
const MAX_LENGTH = 300;

/** What terminals understand as colours and the like; and control characters, which a reader has no use for. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNREADABLE = /\x1b\[[0-9;:?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** The last line of a log that says anything, as people can read it. */
export function lastLine(log: string): string {
  const line =
    log.split(/[\r\n\u2028\u2029]+/).map((line) => line.replace(UNREADABLE, "").trim()).findLast((line) =>
      line !== ""
    ) ?? "";
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
