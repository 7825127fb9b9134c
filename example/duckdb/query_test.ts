import assert from "node:assert/strict";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { query, type QueryError } from "./query.ts";

const options = { rows: 10, milliseconds: 10_000, writes: false };

async function withConnection(use: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function refusal(connection: DuckDBConnection, sql: string, more = {}): Promise<[string, string]> {
  try {
    await query(connection, sql, { ...options, ...more });
  } catch (error) {
    const { reason, message } = error as QueryError;
    return [reason, message];
  }
  throw new Error(`Not refused: ${sql}`);
}

Deno.test("a result has its columns, and as many rows as may be answered", async () => {
  await withConnection(async (connection) => {
    const { columns, rows, cut } = await query(
      connection,
      "SELECT range AS i, 1.50 AS price FROM range(5000)",
      options,
    );
    assert.deepEqual(columns, [{ name: "i", type: "BIGINT" }, { name: "price", type: "DECIMAL(3,2)" }]);
    assert.equal(rows.length, 10);
    assert.deepEqual(rows[9], ["9", "1.50"]);
    assert.ok(cut);
    assert.equal((await query(connection, "FROM range(10)", options)).cut, false);
  });
});

Deno.test("only what reads is run", async () => {
  await withConnection(async (connection) => {
    for (
      const sql of ["SUMMARIZE FROM range(3)", "DESCRIBE SELECT 1", "SHOW TABLES", "EXPLAIN SELECT 1", "VALUES (1)"]
    ) {
      await query(connection, sql, options);
    }
    for (
      const sql of ["CREATE TABLE t AS SELECT 1", "SET threads = 1", "ATTACH 'x.db'", "COPY (SELECT 1) TO 'x.csv'"]
    ) {
      assert.equal((await refusal(connection, sql))[0], "refused", sql);
    }
    const both = await refusal(connection, "SELECT 1; SELECT 2");
    assert.deepEqual(both, ["refused", "Ask one statement at a time."]);
  });
});

Deno.test("a view that may write may copy a result out", async () => {
  await withConnection(async (connection) => {
    const file = await Deno.makeTempFile({ suffix: ".csv" });
    await query(connection, `COPY (SELECT 42 AS answer) TO '${file}'`, { ...options, writes: true });
    assert.equal(await Deno.readTextFile(file), "answer\n42\n");
    await Deno.remove(file);
  });
});

Deno.test("the error of a query says what is wrong", async () => {
  await withConnection(async (connection) => {
    assert.match((await refusal(connection, "SELEC 1"))[1], /^Parser Error: syntax error at or near "SELEC"/);
    assert.match((await refusal(connection, "SELECT x"))[1], /^Binder Error: /);
    for (const sql of ["", "  ;", "-- nothing"]) {
      assert.deepEqual(await refusal(connection, sql), ["invalid", "There is no statement."]);
    }
  });
});

Deno.test("a query that takes too long is stopped, and the connection goes on", async () => {
  await withConnection(async (connection) => {
    const endless = "SELECT count(*) FROM range(1000000000000) a WHERE hash(a.range) = 7";
    const [reason, message] = await refusal(connection, endless, { milliseconds: 200 });
    assert.equal(reason, "timeout");
    assert.match(message, /stopped after 0.2 s/);
    assert.deepEqual((await query(connection, "SELECT 1 AS one", options)).rows, [[1]]);
  });
});

Deno.test("a query that nobody waits for is stopped", async () => {
  await withConnection(async (connection) => {
    const gone = AbortSignal.timeout(200);
    const started = performance.now();
    await refusal(connection, "SELECT count(*) FROM range(1000000000000) a WHERE hash(a.range) = 7", { signal: gone });
    assert.ok(performance.now() - started < 5000);
  });
});
