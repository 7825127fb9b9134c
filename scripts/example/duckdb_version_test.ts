import { equal } from "node:assert/strict";
import { version } from "@duckdb/node-api";
import { DUCKDB_VERSION } from "./duckdb_version.ts";

Deno.test("DuckDB's version follows from its package's", () => {
  equal(version(), `v${DUCKDB_VERSION}`);
});
