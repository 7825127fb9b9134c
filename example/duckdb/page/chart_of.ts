import type { Bars } from "../../ui/chart.ts";
import { moment } from "../../ui/format.ts";
import { isNumeric, type TableColumn } from "../../ui/table.ts";

/** More bars than this cannot be distinguished. */
const most = { ordered: 400, named: 30 };

/** The bars that a result says, if it says any: a label, and a number to each. */
export function chartOf(
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
): Bars | undefined {
  // More than a label and a few numbers is a listing.
  if (columns.length > 4) return undefined;
  const isTime = (type: string) => /^(DATE|TIMESTAMP)/.test(type);
  let label = columns.findIndex(({ type }) => isTime(type));
  if (label < 0) label = columns.findIndex(({ type }) => type === "VARCHAR" || type.startsWith("ENUM"));
  if (label < 0 && columns.length === 2) label = 0;
  // What was asked for last is what the question was about.
  const value = columns.findLastIndex(({ type }, index) => index !== label && isNumeric(type));
  const [labelled, valued] = [columns[label], columns[value]];
  if (!labelled || !valued) return undefined;

  const ordered = isTime(labelled.type) || isNumeric(labelled.type);
  if (rows.length < 2 || rows.length > (ordered ? most.ordered : most.named)) return undefined;
  const found = rows.filter((row) => row[label] !== null && row[value] !== null);
  const labels = isTime(labelled.type)
    ? moments(found.map((row) => String(row[label])))
    : found.map((row) => String(row[label]));
  // Rows with the same label differ in something that bars do not show.
  if (new Set(labels).size < rows.length) return undefined;
  const bars = labels.map((label, index) => ({ label, value: Number(found[index]?.[value]) }));
  if (!bars.every(({ value }) => Number.isFinite(value))) return undefined;
  return { title: `${valued.name} by ${labelled.name}`, measure: valued.name, bars, ordered };
}

/** Moments without the parts that they share. */
function moments(texts: readonly string[]): readonly string[] {
  const days = texts.map(moment);
  if (!days.every((day) => /^\d{4}-\d\d-01$/.test(day))) return days;
  return days.map((day) => day.slice(0, 7));
}
