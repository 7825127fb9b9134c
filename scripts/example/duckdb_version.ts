import examples from "../../example/deno.json" with { type: "json" };

/** The version of the npm package, such as `1.5.5-r.5`. */
export const DUCKDB_PACKAGE_VERSION = examples.imports["@duckdb/node-api"].replace(/^npm:@duckdb\/node-api@/, "");

/**
 * The version of the DuckDB in it. DuckDB itself tells it too, but a program that has its native addon loaded may crash when
 * it reads large files.
 */
export const DUCKDB_VERSION = DUCKDB_PACKAGE_VERSION.replace(/-r\.\d+$/, "");
