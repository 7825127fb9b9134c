import { equal } from "node:assert/strict";
import { table } from "./first_rows.ts";

Deno.test("rows stand below their columns' names", () => {
  const columns = [{ name: "region" }, { name: "orders" }];
  equal(
    table({ columns, rows: [["north", 1200], ["south-west", null]] }),
    "  region      orders\n  north       1200\n  south-west  null",
  );
});
