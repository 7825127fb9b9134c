import { isWithin, typedPlace } from "./lake_place.ts";
import type { SubsetRow } from "./view_form.ts";

/** A row that adds nothing: another one is the same, or has all of it. */
export interface SubsetOverlap {
  /** The index of the other row. */
  readonly other: number;
  /** Whether both have the same bucket and prefix, which the API refuses. */
  readonly isSame: boolean;
}

/** For each row the first one that makes it needless, where there is one. */
export function subsetOverlaps(rows: readonly SubsetRow[]): readonly (SubsetOverlap | undefined)[] {
  const whole = rows.map((row) => ({ ...row, ...typedPlace(row) }));
  return whole.map((row, i) => {
    if (row.bucket === "") return undefined;
    const isSame = (other: typeof row) => other.bucket === row.bucket && other.prefix === row.prefix;
    const twin = whole.findIndex(isSame);
    if (twin < i) return { other: twin, isSame: true };
    const other = whole.findIndex((other, j) => i !== j && !isSame(other) && isWithin(row, other));
    return other === -1 ? undefined : { other, isSame: false };
  });
}
