import assert from "node:assert/strict";
import type { SchemaElement } from "hyparquet";
import { typeName } from "./type_name.ts";

Deno.test("types are named as in SQL", () => {
  const named = (element: Partial<SchemaElement>) => typeName({ name: "column", ...element });
  assert.equal(named({ type: "INT64", logical_type: { type: "DECIMAL", precision: 12, scale: 2 } }), "decimal(12,2)");
  assert.equal(named({ type: "INT32", logical_type: { type: "INTEGER", bitWidth: 16, isSigned: false } }), "uint16");
  assert.equal(named({ type: "BYTE_ARRAY", logical_type: { type: "STRING" } }), "varchar");
  assert.equal(
    named({ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" } }),
    "timestamp",
  );
  assert.equal(named({ type: "BYTE_ARRAY", converted_type: "UTF8" }), "varchar");
  assert.equal(named({ type: "DOUBLE" }), "double");
  assert.equal(named({ num_children: 2 }), "struct");
});
