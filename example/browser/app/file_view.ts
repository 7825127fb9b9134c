/** A file on the page: facts, a chart of one column, rows, and the schema. */
import { barChart } from "../../ui/chart.ts";
import { element } from "../../ui/elements.ts";
import { bytes, cell, count, duration, plural } from "../../ui/format.ts";
import { tableOf } from "../../ui/table.ts";
import { distributionOf } from "./distribution.ts";
import { openRemoteFile } from "./lake.ts";
import type { Listed } from "./listing.ts";
import { ParquetFile } from "./parquet.ts";

const pageRows = 100;

export class FileView {
  readonly element = element("div", { class: "stack" });
  readonly #object: Listed;
  readonly #read = element("dd");
  #bytes = 0;
  #requests = 0;

  constructor(bucket: string, object: Listed) {
    this.#object = object;
    const remote = openRemoteFile(bucket, object, (part) => {
      this.#bytes += part;
      this.#requests++;
      this.#read.textContent = `${bytes(this.#bytes)} in ${plural(this.#requests, "request")}`;
    });
    this.element.append(element("h2", { class: "title" }, `${bucket}/${object.key}`));
    void this.#show(remote);
  }

  async #show(remote: ReturnType<typeof openRemoteFile>): Promise<void> {
    try {
      const file = await ParquetFile.open(remote);
      this.element.append(this.#facts(file));
      const rows = element("section", { class: "card" });
      const chart = element("section", { class: "card" });
      this.element.append(chart, rows, schemaOf(file));
      await this.#rows(file, rows, 0);
      await chartInto(file, chart);
    } catch (error) {
      this.element.append(element("p", { class: "problem", role: "alert" }, (error as Error).message));
    }
  }

  #facts(file: ParquetFile): HTMLElement {
    const fact = (name: string, value: HTMLElement | string) =>
      element("div", {}, element("dt", {}, name), typeof value === "string" ? element("dd", {}, value) : value);
    return element(
      "dl",
      { class: "card facts" },
      fact("Rows", count(file.rows)),
      fact("Columns", count(file.columns.length)),
      fact("Row groups", count(file.rowGroups)),
      fact("Size", bytes(this.#object.size)),
      fact("Read so far", this.#read),
      file.writer !== undefined && fact("Written by", file.writer),
    );
  }

  async #rows(file: ParquetFile, section: HTMLElement, start: number): Promise<void> {
    section.classList.add("busy");
    const began = performance.now();
    const rows = await file.read(start, start + pageRows);
    const end = start + rows.length;
    const turn = (label: string, text: string, to: number, disabled: boolean) =>
      element(
        "button",
        {
          type: "button",
          class: "button",
          "aria-label": label,
          disabled,
          click: () => void this.#rows(file, section, to),
        },
        text,
      );
    section.classList.remove("busy");
    section.replaceChildren(
      element(
        "div",
        { class: "panel-top" },
        element(
          "h2",
          {},
          "Rows",
          element("span", { class: "quiet small" }, ` · read in ${duration(performance.now() - began)}`),
        ),
        element(
          "div",
          { class: "pager small" },
          turn("Previous rows", "‹", start - pageRows, start === 0),
          element("span", { role: "status" }, `${count(start + 1)} – ${count(end)} of ${count(file.rows)}`),
          turn("Next rows", "›", end, end >= file.rows),
        ),
      ),
      element(
        "div",
        { class: "scroll", tabindex: 0 },
        tableOf("Rows of the file", file.columns, decimals(file, rows), start + 1),
      ),
    );
  }
}

/** Decimals with the digits that their type has. */
function decimals(file: ParquetFile, rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const scales = file.columns.map(({ type }) => /^decimal\(\d+,(\d+)\)/.exec(type)?.[1]);
  return rows.map((row) =>
    row.map((value, index) => typeof value === "number" && scales[index] ? value.toFixed(Number(scales[index])) : value)
  );
}

async function chartInto(file: ParquetFile, section: HTMLElement): Promise<void> {
  const drawing = element("div", { class: "drawing" });
  const draw = async (column: string) => {
    drawing.classList.add("busy");
    const bars = distributionOf(column, await file.values(column));
    drawing.replaceChildren(
      bars ? barChart(bars) : element("p", { class: "quiet" }, "There is no chart for this column."),
    );
    drawing.classList.remove("busy");
  };
  const first = firstChart(file);
  const select = element(
    "select",
    { class: "select", "aria-label": "Column of the chart", change: () => void draw(select.value) },
    ...file.columns.map(({ name }) => element("option", { value: name, selected: name === first }, name)),
  );
  section.replaceChildren(element("div", { class: "panel-top" }, element("h2", {}, "Rows by"), select), drawing);
  await draw(first);
}

/** The column that says most: names before numbers, but no number that only counts. */
function firstChart({ columns }: ParquetFile): string {
  const found = columns.find(({ name, type }) => type === "varchar" && /category|product|supplier|type/.test(name)) ??
    columns.find(({ name, type }) => /^(double|float|decimal)/.test(type) && !/id$/.test(name)) ?? columns[0];
  return found?.name ?? "";
}

function schemaOf(file: ParquetFile): HTMLElement {
  const columns = [
    { name: "column", type: "" },
    { name: "type", type: "" },
    { name: "compressed", type: "", numeric: true },
    { name: "codec", type: "" },
    { name: "nulls", type: "", numeric: true },
    { name: "min", type: "" },
    { name: "max", type: "" },
  ];
  const rows = file.columns.map(({ name, type, codec, bytes: size, nulls, min, max }) => {
    const value = (extreme: unknown) => extreme === undefined ? "" : cell(extreme);
    return [name, type, bytes(size), codec, nulls === undefined ? "" : count(nulls), value(min), value(max)];
  });
  return element(
    "section",
    { class: "card" },
    element("div", { class: "panel-top" }, element("h2", {}, "Schema")),
    element("div", { class: "scroll" }, tableOf("Columns of the file", columns, rows)),
  );
}
