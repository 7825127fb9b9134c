import assert from "node:assert/strict";
import { samplesOf } from "./samples.ts";

Deno.test("what is sold is added up by month and by category", () => {
  const samples = samplesOf("sales_2026", [
    { name: "order_id", type: "BIGINT" },
    { name: "ordered_at", type: "TIMESTAMP" },
    { name: "country", type: "VARCHAR" },
    { name: "category", type: "VARCHAR" },
    { name: "quantity", type: "INTEGER" },
    { name: "amount", type: "DECIMAL(12,2)" },
  ]);
  assert.deepEqual(samples.map(({ label }) => label), [
    "First rows",
    "By month",
    "By category",
    "By country",
    "Summarize",
  ]);
  assert.equal(
    samples[2]?.sql,
    "SELECT\n  category,\n  count(*) AS rows,\n  round(sum(amount), 2) AS total_amount\n" +
      "FROM sales_2026\nGROUP BY ALL\nORDER BY 3 DESC\nLIMIT 20",
  );
});

Deno.test("what is measured is averaged by the hour", () => {
  const samples = samplesOf("exp_1", [
    { name: "measured_at", type: "TIMESTAMP" },
    { name: "temperature", type: "DOUBLE" },
    { name: "run", type: "BIGINT" },
  ]);
  assert.match(
    samples[1]?.sql ?? "",
    /date_trunc\('hour', measured_at\) AS hour,\n {2}count\(\*\) AS rows,\n {2}round\(avg/,
  );
});

Deno.test("a table without times, texts and numbers can still be looked at", () => {
  assert.deepEqual(samplesOf("order", [{ name: "payload", type: "BLOB" }]), [
    { label: "First rows", sql: 'FROM "order"\nLIMIT 100' },
    { label: "Summarize", sql: 'SUMMARIZE "order"' },
  ]);
});
