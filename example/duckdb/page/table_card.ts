import { element } from "../../ui/elements.ts";
import { bytes, count, plural } from "../../ui/format.ts";
import type { Table } from "./api.ts";

/** What there is to know about a table; its name chooses it. */
export function tableCard(table: Table, choose: () => void): HTMLElement {
  const { name, subset, columns, problem } = table;
  const size = `${plural(table.rows, "row")} · ${plural(table.files, "file")} · ${bytes(table.bytes)}`;
  return element(
    "article",
    { class: "card table-card" },
    element(
      "div",
      { class: "head" },
      problem === undefined
        ? element("button", { type: "button", class: "name", click: choose }, name)
        : element("span", { class: "code" }, name),
      element("span", { class: `access ${subset.access}` }, subset.access),
    ),
    element("p", { class: "code quiet small" }, `s3://${subset.bucket}/${subset.prefix}`),
    problem === undefined ? element("p", { class: "quiet small" }, size) : element("p", { class: "trouble" }, problem),
    columns.length > 0 && element(
      "details",
      {},
      element("summary", {}, `${count(columns.length)} columns`),
      element(
        "dl",
        { class: "fields" },
        ...columns.flatMap(({ name, type }) => [element("dt", {}, name), element("dd", {}, type.toLowerCase())]),
      ),
    ),
  );
}
