import { barChart } from "../../ui/chart.ts";
import { byId, element } from "../../ui/elements.ts";
import { count, duration, plural } from "../../ui/format.ts";
import { tableOf } from "../../ui/table.ts";
import { ask, type QueryResult, tables } from "./api.ts";
import { chartOf } from "./chart_of.ts";
import { tableCard } from "./table_card.ts";

const sql = byId<HTMLTextAreaElement>("sql");
const [run, stop] = [byId<HTMLButtonElement>("run"), byId<HTMLButtonElement>("stop")];
const [problem, result, summary, tabs] = [byId("problem"), byId("result"), byId("summary"), byId("tabs")];

let running: AbortController | undefined;

async function submit(): Promise<void> {
  running?.abort();
  const mine = running = new AbortController();
  run.disabled = true;
  stop.hidden = false;
  result.ariaBusy = "true";
  try {
    const answer = await ask(sql.value, mine.signal);
    if (mine === running) show(answer);
  } catch (error) {
    if (mine === running) fail(mine.signal.aborted ? "Stopped." : String((error as Error).message));
  } finally {
    if (mine === running) {
      running = undefined;
      run.disabled = false;
      stop.hidden = true;
      result.ariaBusy = null;
    }
  }
}

function fail(message: string): void {
  problem.textContent = message;
  problem.hidden = false;
  result.hidden = true;
}

function show(answer: QueryResult): void {
  problem.hidden = true;
  result.hidden = false;
  const rows = answer.cut ? `First ${count(answer.rows.length)} rows` : plural(answer.rows.length, "row");
  summary.replaceChildren(
    element("strong", {}, rows),
    element("span", { class: "quiet" }, ` · ${duration(answer.milliseconds)}`),
  );
  const chart = chartOf(answer.columns, answer.rows);
  tabs.hidden = chart === undefined;
  const asTable = () => element("div", { class: "scroll", tabindex: 0 }, planOf(answer) ?? rowsOf(answer));
  choose("table", asTable);
  byId("tab-table").onclick = () => choose("table", asTable);
  byId("tab-chart").onclick = () => chart && choose("chart", () => barChart(chart));
}

function choose(tab: "table" | "chart", shown: () => Element): void {
  for (const name of ["table", "chart"]) byId(`tab-${name}`).ariaSelected = String(name === tab);
  byId("shown").replaceChildren(shown());
}

function rowsOf({ columns, rows }: QueryResult): HTMLTableElement {
  return tableOf("Result of the query", columns, rows);
}

/** What EXPLAIN says is drawn in text. */
function planOf({ columns, rows }: QueryResult): HTMLPreElement | undefined {
  if (columns[0]?.name !== "explain_key") return undefined;
  return element("pre", { class: "plan" }, rows.map((row) => String(row[1])).join("\n"));
}

/** Puts a query into the box, and runs it. */
function begin(text: string): void {
  sql.value = text;
  sql.rows = Math.max(4, text.split("\n").length + 1);
  void submit();
}

async function load(): Promise<void> {
  const list = byId("tables");
  try {
    const { view, version, tables: found } = await tables();
    document.title = `${view} – DuckDB`;
    byId("view").textContent = view;
    byId("about").textContent = `SQL over ${plural(found.length, "subset")} of the lake · DuckDB ${version}`;
    const samples = byId("samples");
    const cards = found.map((table) => tableCard(table, () => choose(table.name)));
    const choose = (name: string) => {
      const table = found.find((table) => table.name === name);
      cards.forEach((card, index) => card.toggleAttribute("data-chosen", found[index]?.name === name));
      samples.replaceChildren(
        ...(table?.samples ?? []).map(({ label, sql }) =>
          element("button", { type: "button", class: "button", click: () => begin(sql) }, label)
        ),
      );
      const first = table?.samples[0];
      if (first) begin(first.sql);
    };
    if (found.length === 0) list.replaceChildren(element("p", { class: "quiet" }, "This view has no subsets."));
    else list.replaceChildren(...cards);
    const usable = found.find(({ problem }) => problem === undefined);
    if (usable) choose(usable.name);
  } catch (error) {
    list.replaceChildren(element("p", { class: "trouble" }, String((error as Error).message)));
  } finally {
    list.ariaBusy = null;
  }
}

byId<HTMLFormElement>("editor").addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});
sql.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  void submit();
});
stop.addEventListener("click", () => running?.abort());
await load();
