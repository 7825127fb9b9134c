/** Measures the gateway beside its peers and writes docs/benchmarks. */
import { Argument, Command, InvalidArgumentError } from "commander";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { interruptible } from "../../scripts/process/interruptible.ts";
import { requireNeeds } from "../../scripts/needs/needs.ts";
import { temporaryDirectory } from "../../scripts/process/temporary_directory.ts";
import type { Bench, BenchContext, Result } from "./bench.ts";
import { benchNeeds } from "./bench_needs.ts";
import { VERSION } from "../../sidecar/version.ts";
import { benches } from "./benches/all.ts";
import { describeMachine } from "./report/machine.ts";
import { keptResult, saveResult, writeReport } from "./report/write_report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Options {
  readonly quick: boolean;
  readonly full: boolean;
  readonly report: boolean;
  readonly rounds?: number;
  readonly part?: readonly string[];
  readonly output?: string;
}

await new Command("bench")
  .description("Measures the gateway beside its peers, in turns, and writes the report.")
  .addArgument(new Argument("[name...]", "which; default: all").choices(benches.map(({ name }) => name)))
  .option("--quick", "a smoke run: small and short (default output: target/bench)", false)
  .option("--full", "the largest sizes too, which takes much longer", false)
  .option("--rounds <n>", "how often each comparison is made (default: 5, quick: 1)", positive)
  .option("--part <name...>", "only these parts of a bench that has some; the others keep their numbers")
  .option("--report", "measure nothing: only write the report again", false)
  .option("--output <directory>", "where the report goes (default: docs/benchmarks)")
  .action((chosen: readonly string[], options: Options) => interruptible((signal) => main(chosen, options, signal)))
  .parseAsync(Deno.args, { from: "user" });

async function main(chosen: readonly string[], options: Options, signal: AbortSignal): Promise<void> {
  const { quick, full, report, rounds = quick ? 1 : 5, part } = options;
  const output = resolve(options.output ?? join(root, quick ? "target/bench" : "docs/benchmarks"));
  const wanted = benches.filter(({ name }) => !report && (chosen.length === 0 || chosen.includes(name)));
  for (const name of part ?? []) requirePart(name, wanted);
  await requireNeeds("what is measured", await benchNeeds(wanted.map(({ name }) => name), signal), signal);
  const failed: string[] = [];
  for (const bench of wanted) {
    console.error(`${bench.name}: ${bench.title}`);
    try {
      await saveResult(output, await measure(bench, { quick, full, rounds, part, output }, signal));
    } catch (error) {
      if (signal.aborted || chosen.length === 1) throw error;
      // The others are worth having.
      console.error(`${bench.name} failed: ${(error as Error).message}`);
      failed.push(bench.name);
    }
  }
  await writeReport(output, benches);
  console.log(join(output, "README.md"));
  if (failed.length > 0) Deno.exitCode = 1;
}

/** Each part has to be one of a bench that is to be measured. */
function requirePart(name: string, wanted: readonly Bench[]): void {
  const all = wanted.flatMap(({ parts = [] }) => parts);
  if (all.includes(name)) return;
  throw new Error(
    `There is no part ${name}: ${all.length > 0 ? `there are ${all.join(", ")}` : "no bench with parts is chosen"}.`,
  );
}

interface Measurement extends Pick<BenchContext, "quick" | "full" | "rounds"> {
  readonly part: readonly string[] | undefined;
  readonly output: string;
}

async function measure(
  bench: Bench,
  { part, output, ...options }: Measurement,
  signal: AbortSignal,
): Promise<Result> {
  const { name, run } = bench;
  const { parts: kept } = part && await keptResult(output, name) || {};
  await using directory = await temporaryDirectory({ prefix: "bench-" });
  const began = performance.now();
  const measured = await run({
    ...{ ...options, directory: directory.path, signal },
    ...part && { parts: part },
    ...kept && { kept },
  });
  const seconds = measured.parts
    ? Object.values(measured.parts).reduce((sum, { seconds }) => sum + seconds, 0)
    : Math.round((performance.now() - began) / 1000);
  const date = new Date().toISOString().slice(0, 10);
  return { name, version: VERSION, date, machine: describeMachine(), quick: options.quick, seconds, ...measured };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It is a whole number above 0.");
  return value;
}
