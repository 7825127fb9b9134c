import { lakeTemplates } from "../deploy/example_lake.ts";
import { defaultTemplate } from "../deploy/kustomize.ts";
import { warmTemplate } from "../deploy/warm_template.ts";

/** How many pods wait, started, for views of each template: a page is small, a DuckDB is not. */
const POOLS: Readonly<Record<string, number>> = { default: 2, duckdb: 1, browser: 1 };

/**
 * Workload templates of the demo, by name. Each cold one has a warm one beside it, so that both can be compared and that
 * nobody pays for pods that wait unless a view is to wake at once.
 */
export async function demoTemplates(): Promise<Readonly<Record<string, string>>> {
  const cold = { default: await defaultTemplate(), ...await lakeTemplates() };
  const warm = Object.entries(cold).map(([name, text]) => [`${name}-warm`, warmTemplate(text, POOLS[name] ?? 1)]);
  return { ...cold, ...Object.fromEntries(warm) };
}
