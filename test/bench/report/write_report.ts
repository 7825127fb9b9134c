import { join } from "node:path";
import { unlessAbsent } from "../../../scripts/process/unless_absent.ts";
import type { Bench, Result } from "../bench.ts";
import { advantagesPlot, curvesPlot } from "./plots.ts";
import { report, type Section } from "./report.ts";

/** Keeps what a bench found, as `data/NAME.json`. What it found in another version of the gateway becomes `former/NAME.json`. */
export async function saveResult(directory: string, result: Result): Promise<void> {
  const { name, version } = result;
  for (const kind of ["data", "former"]) await Deno.mkdir(join(directory, kind), { recursive: true });
  const before = await keptResult(directory, name);
  if (before !== undefined && before.version !== version) await keep(directory, "former", before);
  await keep(directory, "data", result);
}

async function keep(directory: string, kind: "data" | "former", result: Result): Promise<void> {
  await Deno.writeTextFile(join(directory, kind, `${result.name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

/** What an earlier run has measured, of this version or of the one before; undefined if nothing. */
export async function keptResult(
  directory: string,
  name: string,
  kind: "data" | "former" = "data",
): Promise<Result | undefined> {
  const text = await unlessAbsent(Deno.readTextFile(join(directory, kind, `${name}.json`)));
  return text === undefined ? undefined : JSON.parse(text);
}

/** Writes the report of all kept results, in this order, with its plots. */
export async function writeReport(directory: string, benches: readonly Bench[]): Promise<void> {
  const sections: Section[] = [];
  for (const { name, title, about } of benches) {
    const result = await keptResult(directory, name);
    if (result === undefined) continue;
    const plots: string[] = [];
    for (const [i, curves] of (result.curves ?? []).entries()) {
      plots.push(`${name}-${i + 1}.svg`);
      await Deno.writeTextFile(join(directory, plots.at(-1)!), curvesPlot(curves));
    }
    const findings = await unlessAbsent(Deno.readTextFile(join(directory, "findings", `${name}.md`)));
    sections.push({ title, about, result, former: await keptResult(directory, name, "former"), findings, plots });
  }
  const compared = sections.flatMap(({ result: { name, comparisons } }) =>
    comparisons.map((comparison) => ({ name, comparison }))
  );
  const headlines = compared.flatMap(({ comparison }) =>
    comparison.headline ? [{ label: `${comparison.headline} (${comparison.peer})`, comparison }] : []
  );
  const goals = compared.map(({ name, comparison }) => {
    const { what, measure } = comparison;
    return { label: `${name}: ${what}, ${measure}`, comparison };
  });
  await Deno.writeTextFile(join(directory, "headlines.svg"), advantagesPlot(headlines));
  await Deno.writeTextFile(join(directory, "goals.svg"), advantagesPlot(goals));
  await Deno.writeTextFile(join(directory, "README.md"), report(sections));
}
