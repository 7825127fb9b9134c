/** One thing that happened on a request's way. */
export interface Moment {
  readonly what: string;
  /** Milliseconds since the epoch; undefined where it was not seen. */
  readonly at: number | undefined;
  /** How it was measured. */
  readonly how: string;
}

/** A table of moments, in the order that they are given: since the first, since the one before, what, and how known. */
export function timeline(moments: readonly Moment[]): string {
  const start = moments[0]?.at ?? 0;
  let before = start;
  const rows = moments.map(({ what, at, how }) => {
    if (at === undefined) return ["–", "", what, `not seen: ${how}`];
    const row = [ms(at - start), `+${ms(at - before)}`, what, how];
    before = at;
    return row;
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map(([since = "", step = "", what = "", how = ""]) =>
    `  ${since.padStart(widths[0]!)}  ${step.padStart(widths[1]!)}  ${what.padEnd(widths[2]!)}  ${how}`
  ).join("\n");
}

function ms(milliseconds: number): string {
  return `${Math.round(milliseconds)} ms`;
}
