import { shownIdentifier as shown } from "./names.ts";

export interface Column {
  readonly name: string;
  readonly type: string;
}

/** A query to begin with. */
export interface Sample {
  readonly label: string;
  readonly sql: string;
}

/** Queries that a table's columns suggest. */
export function samplesOf(table: string, columns: readonly Column[]): readonly Sample[] {
  const from = `FROM ${shown(table)}`;
  const measure = measureOf(columns);
  const grouped = (key: string, order: string) =>
    `SELECT\n  ${[key, "count(*) AS rows", ...measure ? [aggregateOf(measure)] : []].join(",\n  ")}\n` +
    `${from}\nGROUP BY ALL\nORDER BY ${order}`;

  const samples: Sample[] = [{ label: "First rows", sql: `${from}\nLIMIT 100` }];
  const time = columns.find(({ type }) => /^(TIMESTAMP|DATE)/.test(type));
  if (time) {
    // What is measured changes faster than what is sold.
    const unit = measure?.aggregate === "avg" ? "hour" : "month";
    samples.push({ label: `By ${unit}`, sql: grouped(`date_trunc('${unit}', ${shown(time.name)}) AS ${unit}`, unit) });
  }
  for (const { name } of categoriesOf(columns).slice(0, 2)) {
    const order = `${measure ? 3 : 2} DESC\nLIMIT 20`;
    samples.push({ label: `By ${name.replaceAll("_", " ")}`, sql: grouped(shown(name), order) });
  }
  return [...samples, { label: "Summarize", sql: `SUMMARIZE ${shown(table)}` }];
}

interface Measure {
  readonly column: string;
  readonly aggregate: "sum" | "avg";
}

function aggregateOf({ column, aggregate }: Measure): string {
  const name = `${aggregate === "avg" ? "average" : "total"}_${column}`;
  return `round(${aggregate}(${shown(column)}), 2) AS ${shown(name)}`;
}

/** The column that is worth adding up; or, of what was measured, averaging. */
function measureOf(columns: readonly Column[]): Measure | undefined {
  const numbers = columns.filter(({ name, type }) =>
    /^(DECIMAL|DOUBLE|FLOAT|INTEGER|[A-Z]+INT)/.test(type) && !/(^|_)(id|key|percent|year|month|run)$/.test(name)
  );
  const amount = [/amount|total|revenue/, /cost|bytes|quantity/]
    .map((words) => numbers.find(({ name }) => words.test(name)))
    .find((column) => column !== undefined);
  if (amount) return { column: amount.name, aggregate: "sum" };
  const measured = numbers.find(({ type }) => /^(DOUBLE|FLOAT|DECIMAL)/.test(type)) ?? numbers[0];
  return measured && { column: measured.name, aggregate: "avg" };
}

/** Columns to group by; what it is about says more than where it was. */
function categoriesOf(columns: readonly Column[]): readonly Column[] {
  const texts = columns.filter(({ name, type }) => type === "VARCHAR" && !/(^|_)(id|key|url|name|text)$/.test(name));
  const rank = ({ name }: Column) => /category|product|sensor|supplier|type|kind/.test(name) ? 0 : 1;
  return texts.toSorted((a, b) => rank(a) - rank(b));
}
