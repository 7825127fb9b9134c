import type { DuckDBConnection } from "@duckdb/node-api";
import { type Database } from "./database.ts";
import { identifier, literal, pattern, tableNames } from "./names.ts";
import { type Column, type Sample, samplesOf } from "./samples.ts";
import type { Subset } from "./view.ts";

/** A subset as a table over all its Parquet files. */
export interface Table {
  readonly name: string;
  readonly subset: Subset;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly Column[];
  readonly samples: readonly Sample[];
  /** Why there is no such table. */
  readonly problem?: string;
}

/** The tables of a view's subsets. Those that cannot be read, or have no files yet, are tried again when next asked. */
export class Tables {
  readonly #database: Database;
  readonly #subsets: readonly Subset[];
  readonly #names: readonly string[];
  readonly #made = new Map<string, Promise<Table>>();

  constructor(database: Database, subsets: readonly Subset[]) {
    this.#database = database;
    this.#subsets = subsets;
    this.#names = tableNames(subsets);
  }

  async all(): Promise<readonly Table[]> {
    return await Promise.all(this.#subsets.map((subset, index) => this.#table(this.#names[index] ?? "", subset)));
  }

  #table(name: string, subset: Subset): Promise<Table> {
    const made = this.#made.get(name) ?? this.#database.use((connection) => make(connection, name, subset));
    this.#made.set(name, made);
    return made.catch((error) => {
      this.#made.delete(name);
      return { name, subset, files: 0, rows: 0, bytes: 0, columns: [], samples: [], problem: problemOf(error) };
    });
  }
}

async function make(connection: DuckDBConnection, name: string, subset: Subset): Promise<Table> {
  const glob = literal(pattern(subset));
  // Files of one subset may differ in their columns: those that lack one have it empty.
  const read = `read_parquet(${glob}, union_by_name = true)`;
  await connection.run(`CREATE OR REPLACE VIEW ${identifier(name)} AS FROM ${read}`);
  const columns = await rowsOf(connection, `SELECT column_name, column_type FROM (DESCRIBE ${identifier(name)})`);
  const [totals] = await rowsOf(
    connection,
    `SELECT count(*), sum(num_rows), sum(file_size_bytes) FROM parquet_file_metadata(${glob})`,
  );
  const found = columns.map(([name, type]) => ({ name: String(name), type: String(type) }));
  const [files, rows, bytes] = (totals ?? []).map(Number);
  const samples = samplesOf(name, found);
  return { name, subset, files: files ?? 0, rows: rows ?? 0, bytes: bytes ?? 0, columns: found, samples };
}

async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowsJson();
}

function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes("No files found")) return "There are no Parquet files yet.";
  if (/HTTP 403|AccessDenied|HTTP code 403/.test(message)) return "The lake denies access: have the credentials ended?";
  return message.split("\n")[0] ?? message;
}
