import assert from "node:assert/strict";
import { identifier, literal, pattern, shownIdentifier, tableNames } from "./names.ts";

const subset = (bucket: string, prefix: string) => ({ bucket, prefix, access: "read" as const });

Deno.test("tables are named after prefixes, each once", () => {
  const names = tableNames([
    subset("lake", "sales/2026/"),
    subset("lake", ""),
    subset("other", "sales/2026/"),
    subset("lake", "2026/Été/"),
    subset("lake", "日本/"),
  ]);
  assert.deepEqual(names, ["sales_2026", "lake", "sales_2026_2", "t_2026_e_te", "subset"]);
});

Deno.test("names and strings cannot end the SQL that they are in", () => {
  assert.equal(identifier('a"; DROP'), '"a""; DROP"');
  assert.equal(literal("o'clock"), "'o''clock'");
});

Deno.test("identifiers are shown quoted only where they must be", () => {
  assert.deepEqual(["amount", "order", "Order id"].map(shownIdentifier), ["amount", '"order"', '"Order id"']);
});

Deno.test("a prefix's own wildcards stand for themselves", () => {
  assert.equal(pattern(subset("lake", "a*b/[1]/")), "s3://lake/a[*]b/[[]1]/**/*.parquet");
});
