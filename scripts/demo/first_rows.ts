import { CommandError } from "../process/command.ts";
import type { LocalGateway } from "./local_gateway.ts";

/** What the example's DuckDB view answers to a query. */
interface Result {
  readonly columns: readonly { readonly name: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Asks a DuckDB view a query and answers its rows as a table of text.
 * @throws CommandError where the view does not answer 200
 */
export async function firstRows(
  gateway: LocalGateway,
  view: string,
  sql: string,
  signal: AbortSignal,
): Promise<string> {
  const answer = await gateway.fetch(gateway.hostOf(view), "/query", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql }),
    signal,
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new CommandError(`${gateway.urlOf(view)}query answered ${answer.status}: ${text}`);
  return table(JSON.parse(text));
}

/** Columns as wide as their widest cell. */
export function table({ columns, rows }: Result): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines.map((line) => "  " + line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()).join("\n");
}
