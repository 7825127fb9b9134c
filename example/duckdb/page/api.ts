/** What the page asks its own server. */
import type { QueryResult } from "../query.ts";
import type { Table } from "../tables.ts";

export type { QueryResult, Table };

export interface ViewTables {
  readonly view: string;
  /** Of DuckDB. */
  readonly version: string;
  readonly tables: readonly Table[];
}

export async function tables(): Promise<ViewTables> {
  return await answerOf(await fetch("/tables"));
}

export async function ask(sql: string, signal: AbortSignal): Promise<QueryResult> {
  return await answerOf(
    await fetch("/query", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sql }),
      signal,
    }),
  );
}

async function answerOf<T>(response: Response): Promise<T> {
  const isJson = response.headers.get("content-type")?.includes("json");
  const body = isJson ? await response.json() : undefined;
  if (response.ok && body !== undefined) return body;
  // Where it is not this view that answers, but what is before it.
  throw new Error(body?.error ?? body?.detail ?? `The view answered with status ${response.status}.`);
}
