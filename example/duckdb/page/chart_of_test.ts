import assert from "node:assert/strict";
import { chartOf } from "./chart_of.ts";

const column = (name: string, type: string) => ({ name, type });

Deno.test("a number by month is a chart in the order of time", () => {
  const columns = [column("month", "TIMESTAMP"), column("rows", "BIGINT"), column("total", "DECIMAL(38,2)")];
  const chart = chartOf(columns, [["2026-01-01 00:00:00", "2", "10.50"], ["2026-02-01 00:00:00", "3", "12.00"]]);
  assert.deepEqual(chart, {
    title: "total by month",
    measure: "total",
    bars: [{ label: "2026-01", value: 10.5 }, { label: "2026-02", value: 12 }],
    ordered: true,
  });
});

Deno.test("a number by name is a chart", () => {
  const chart = chartOf([column("country", "VARCHAR"), column("rows", "BIGINT")], [["SE", "3"], ["NO", "2"]]);
  assert.deepEqual(chart?.bars, [{ label: "SE", value: 3 }, { label: "NO", value: 2 }]);
  assert.equal(chart?.ordered, false);
});

Deno.test("what bars do not tell is no chart", () => {
  const columns = [column("country", "VARCHAR"), column("channel", "VARCHAR"), column("rows", "BIGINT")];
  assert.equal(chartOf(columns, [["SE", "web", "3"], ["SE", "app", "2"]]), undefined);
  assert.equal(chartOf([column("country", "VARCHAR")], [["SE"], ["NO"]]), undefined);
  assert.equal(chartOf([column("country", "VARCHAR"), column("rows", "BIGINT")], [["SE", "3"]]), undefined);
});
