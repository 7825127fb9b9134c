/** Where a command writes. */
export interface Terminal {
  /** What the command is asked for. */
  readonly out: (text: string) => Promise<void>;
  /** What a person reads beside it: progress, hints and errors. */
  readonly err: (text: string) => Promise<void>;
  /** Whether a person sees what `err` writes at once. */
  readonly isWatched: boolean;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  return {
    out: (text) => writeAll(Deno.stdout, text),
    err: (text) => writeAll(Deno.stderr, text),
    isWatched: Deno.stderr.isTerminal(),
  };
}

async function writeAll(to: { write(bytes: Uint8Array): Promise<number> }, text: string): Promise<void> {
  let rest = new TextEncoder().encode(text);
  while (rest.length > 0) rest = rest.subarray(await to.write(rest));
}

/**
 * A text of the gateway in one line, without what a terminal takes for a command: others choose views' owners, and pods
 * choose what they say when they fail.
 */
export function oneLine(text: string): string {
  return text.replace(CONTROL, " ").trim();
}

/** The same with its lines. */
export function severalLines(text: string): readonly string[] {
  return text.trimEnd().split("\n").map((line) => line.replace(CONTROL, " ").trimEnd());
}

// With the characters that change the direction of a text.
// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Rows below their heads, in columns as kubectl has them. */
export function columns(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows.map((row) => row.map(oneLine))];
  const widths = heads.map((_, at) => all.reduce((widest, row) => Math.max(widest, row[at]!.length), 0));
  return all.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at]!)).join("   ").trimEnd()}\n`).join("");
}
