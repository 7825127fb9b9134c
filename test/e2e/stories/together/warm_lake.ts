import { expect, test } from "vitest";
import { theGateway } from "../../gateway/gateway.ts";
import { Pool } from "../../gateway/pool.ts";
import type { View } from "../../gateway/view.ts";

const subset = (year: number) => ({ bucket: "lake", prefix: `sales/${year}/` });

const query = (view: View, sql: string) =>
  view.ask({
    method: "POST",
    path: "/query",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql }),
  });

const filesOf = (year: number) => `SELECT count(*) AS rows FROM read_parquet('s3://lake/sales/${year}/*.parquet')`;

test("views from one warm pool of DuckDB read their own subset each, and not the other's", async () => {
  const gateway = await theGateway();
  await using pool = await Pool.full(gateway, "warm-duckdb", { size: 2, base: "duckdb" });
  const years = [2025, 2026];
  await using older = await pool.create("claimed-2025", { subsets: [subset(2025)] });
  await using newer = await pool.create("claimed-2026", { subsets: [subset(2026)] });
  const views = [older, newer];

  // The first request is a query already.
  const answers = await Promise.all(views.map((view, i) => query(view, filesOf(years[i]!))));

  const rows = answers.map((answer) => {
    expect(answer.status, answer.text).toBe(200);
    return Number(answer.json().rows[0][0]);
  });
  expect(rows.every((count) => count > 0)).toBe(true);
  for (const [i, view] of views.entries()) {
    const { view: name, tables } = (await view.ask({ path: "/tables" })).json();
    expect([name, tables.map(({ rows }: { rows: number }) => rows)]).toEqual([view.name, [rows[i]]]);
    const refused = await query(view, filesOf(years[1 - i]!));
    expect(refused.status, refused.text).toBe(400);
    expect(refused.json()).not.toHaveProperty("rows");
    expect(await view.resource()).toMatchObject({ start: "warm" });
  }
});
