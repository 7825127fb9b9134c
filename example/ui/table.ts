/** Rows as a table. */
import { element } from "./elements.ts";
import { cell } from "./format.ts";

export interface TableColumn {
  readonly name: string;
  /** Shown below the name, if there is one. */
  readonly type: string;
  /** Where the type does not tell. */
  readonly numeric?: boolean;
}

/** Whether values of a type line up by their last digit. */
export function isNumeric(type: string): boolean {
  return /^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|INT|REAL)/i.test(type);
}

/** `first` is the number of the first row. */
export function tableOf(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  first = 1,
): HTMLTableElement {
  const numeric = columns.map(({ type, numeric }) => numeric ?? isNumeric(type));
  const head = element(
    "tr",
    {},
    element("th", { scope: "col", class: "ordinal" }, element("span", { class: "hidden" }, "Row")),
    ...columns.map(({ name, type }, index) =>
      element(
        "th",
        { scope: "col", class: numeric[index] ? "number" : undefined },
        name,
        type !== "" && element("span", { class: "type" }, type.toLowerCase()),
      )
    ),
  );
  const body = rows.map((row, index) =>
    element(
      "tr",
      {},
      element("td", { class: "ordinal" }, String(first + index)),
      ...row.map((value, column) =>
        value === null || value === undefined
          ? element("td", { class: numeric[column] ? "number null" : "null" }, "null")
          : element("td", { class: numeric[column] ? "number" : undefined }, cell(value))
      ),
    )
  );
  return element(
    "table",
    { class: "rows" },
    element("caption", { class: "hidden" }, caption),
    element("thead", {}, head),
    element("tbody", {}, ...body),
  );
}
