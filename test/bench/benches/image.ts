import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildImage } from "../../../scripts/image/images.ts";
import { step } from "../../../scripts/process/step.ts";
import { startKwok, stopKwok } from "../../../scripts/cluster/kwok/kwok.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Figure } from "../report/comparison.ts";
import { measurableBundle } from "../processes/measurable_bundle.ts";
import { SidecarProcess } from "../processes/sidecar_process.ts";
import { SleepingViews } from "../load/sleeping_views.ts";
import { usage } from "../processes/usage.ts";

export const imageBench: Bench = {
  name: "image",
  title: "The sidecar's image, and its start",
  about:
    `The image is the one of \`deno task image\`: a C library, Deno, and the sidecar in one JavaScript file. A start lasts
from the process's start until it has read all views of an empty namespace. It is measured without compiled code, and with
Deno's cache of it, as a restarted container has it.`,
  run,
};

async function run({ directory, rounds, quick, signal }: BenchContext): Promise<Measured> {
  const figures: Figure[] = [];
  const code = join(directory, "sidecar.js");
  await step("Bundling the sidecar", () => measurableBundle(code, signal));
  const megabytes = async (path: string) => (await Deno.stat(path)).size / 1e6;
  if (!quick) {
    const { archive } = await buildImage("sidecar", { signal });
    figures.push({ what: "image", measure: "size", unit: "MB", values: [await megabytes(archive)] });
  }
  figures.push(
    { what: "image", measure: "of which Deno", unit: "MB", values: [await megabytes(Deno.execPath())] },
    { what: "image", measure: "of which the sidecar", unit: "MB", values: [await megabytes(code)] },
  );

  const name = `kwok-bench-${Deno.pid}`;
  const { kubeconfig } = await startKwok(signal, { name, owned: true });
  try {
    using views = await SleepingViews.in(kubeconfig, signal);
    const { namespace } = views;
    const cold: number[] = [];
    const cached: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const cache = join(directory, `cache-${round}`);
      for (const starts of [cold, cached]) {
        const sockets = join(directory, `sockets-${round}`);
        await using sidecar = await SidecarProcess.start({
          ...{ bundle: code, kubeconfig, namespace, directory: sockets, cache, signal },
        });
        starts.push(sidecar.synced);
        // Compiled code is written a while after the start.
        await pause(2_000, undefined, { signal });
        if (starts === cached) memory.push((await usage(sidecar.pid)).memory / 1e6);
      }
    }
    figures.push(
      { what: "start", measure: "without compiled code", unit: "ms", values: cold },
      { what: "start", measure: "with it", unit: "ms", values: cached },
      { what: "without any view", measure: "memory", unit: "MB", values: memory },
    );
  } finally {
    await stopKwok(name);
  }
  return { comparisons: [], figures };
}
