import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

/** axe-core as text, for a page. */
const { source } = createRequire(import.meta.url)("axe-core") as {
  readonly source: string;
};

/** WCAG 2.2 at level AA, which has all before it, and what axe-core recommends beside it. */
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe-core finds wrong on a page: a line for each element. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // A page's policy does not hold for the browser's own tools.
  await page.evaluate(source);
  const options: RunOptions = { runOnly: { type: "tag", values: TAGS }, resultTypes: ["violations"] };
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as AxeWindow).axe.run(options),
    options,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`)
  );
}

interface AxeWindow {
  readonly axe: { run(options: RunOptions): Promise<AxeResults> };
}
