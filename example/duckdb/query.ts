import { type DuckDBConnection, type Json, StatementType } from "@duckdb/node-api";
import type { Column } from "./samples.ts";

export interface QueryResult {
  readonly columns: readonly Column[];
  /** Values as JSON has them; what a number of JavaScript cannot hold is a string. */
  readonly rows: readonly (readonly Json[])[];
  /** Whether there were more rows. */
  readonly cut: boolean;
  readonly milliseconds: number;
}

export interface QueryOptions {
  readonly rows: number;
  readonly milliseconds: number;
  /** Whether results may be written to the lake, which its own credentials must allow. */
  readonly writes: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A query that was not run, or not to its end; the message is for the person who asked. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  readonly reason: "invalid" | "refused" | "timeout";
  constructor(reason: QueryError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Runs one statement, and reads the first rows of its result.
 * @throws QueryError
 */
export async function query(connection: DuckDBConnection, sql: string, options: QueryOptions): Promise<QueryResult> {
  const started = performance.now();
  let late = false;
  const interrupt = () => connection.interrupt();
  const timer = setTimeout(() => {
    late = true;
    interrupt();
  }, options.milliseconds);
  options.signal?.addEventListener("abort", interrupt);
  try {
    const statements = await extract(connection, sql);
    if (statements.count !== 1) throw new QueryError("refused", "Ask one statement at a time.");
    const statement = await statements.prepare(0);
    check(statement.statementType, options.writes);
    // One row more than the answer has shows whether there are more.
    const reader = await statement.streamAndReadUntil(options.rows + 1);
    const rows = reader.getRowsJson();
    const types = reader.columnTypes();
    return {
      columns: reader.columnNames().map((name, index) => ({ name, type: String(types[index]) })),
      rows: rows.slice(0, options.rows),
      cut: rows.length > options.rows,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
    };
  } catch (error) {
    if (error instanceof QueryError) throw error;
    if (late) {
      const seconds = options.milliseconds / 1000;
      throw new QueryError("timeout", `The query was stopped after ${seconds} s. Ask for less, or for a longer limit.`);
    }
    throw new QueryError("invalid", error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", interrupt);
  }
}

async function extract(connection: DuckDBConnection, sql: string) {
  try {
    return await connection.extractStatements(sql);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // All that is said of a text without a statement.
    if (message === "Error in native callback") throw new QueryError("invalid", "There is no statement.");
    throw new QueryError("invalid", message.replace(/^Failed to extract statements: /, ""));
  }
}

function check(type: StatementType, writes: boolean): void {
  if (type === StatementType.SELECT || type === StatementType.EXPLAIN) return;
  if (type === StatementType.COPY && writes) return;
  const name = StatementType[type] ?? "that";
  const instead = type === StatementType.COPY ? "None of its subsets may be written to." : "Use SELECT.";
  throw new QueryError("refused", `This view reads its subsets; ${name} is not for it. ${instead}`);
}
