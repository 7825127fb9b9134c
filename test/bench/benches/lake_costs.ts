import { Agent } from "node:http";
import { step } from "../../../scripts/process/step.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import type { BenchContext, Measured } from "../bench.ts";
import { h2load } from "../load/h2load.ts";
import { readOnce } from "../load/read_once.ts";
import { InstructionCount } from "../processes/instruction_count.ts";
import { type ObjectRequest, PRESIGNED, ReadLake, SMALL_OBJECT } from "../processes/read_lake.ts";
import { usage } from "../processes/usage.ts";

const HOST = "bench.localhost";

const WAYS = [
  { what: "1 kB, by a kept signature", keeps: true },
  { what: "1 kB, signed by the sidecar each time", keeps: false },
];

/** What a small read costs Envoy, in instructions, and the sidecar, in CPU. Both hardly depend on what else the machine does. */
export async function lakeCosts(context: BenchContext): Promise<Measured & Required<Pick<Measured, "figures">>> {
  const comparisons = [];
  const figures = [];
  for (const { what, keeps } of WAYS) {
    const { ours, peers } = await step(`lake: instructions, ${what}`, () => instructions(context, keeps));
    const measure = "Envoy's instructions for a request";
    comparisons.push({ what, measure, unit: "instructions", ours, peer: PRESIGNED, peers });
    const values = await step(`lake: the sidecar's CPU, ${what}`, () => cpuOfSidecar(context, keeps));
    figures.push({ what, measure: "the sidecar's CPU for a request", unit: "µs", values });
  }
  return { comparisons, figures };
}

async function instructions({ quick, rounds, signal }: BenchContext, keeps: boolean) {
  await using own = await temporaryDirectory({ prefix: "bench-instructions-" });
  const count = await InstructionCount.in(own.path, signal);
  await using lake = await ReadLake.start({ keeps, under: count.command });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [below, presigned] = [lake.below(SMALL_OBJECT.path), await lake.presigned(SMALL_OBJECT.path)];
  const counted = (object: ObjectRequest) =>
    count.each(lake.envoy, quick ? 50 : 500, () => readOnce({ ...object, agent, headers: { host: HOST } }));
  try {
    const [ours, peers]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(await counted(below));
      peers.push(await counted(presigned));
    }
    return { ours, peers };
  } finally {
    agent.destroy();
  }
}

/** This process is the sidecar, and does nothing else while h2load reads. */
async function cpuOfSidecar({ directory, quick, rounds, signal }: BenchContext, keeps: boolean): Promise<number[]> {
  await using lake = await ReadLake.start({ keeps });
  const { port, path } = lake.below(SMALL_OBJECT.path);
  const seconds = quick ? 0.5 : 3;
  const load = { url: `http://${HOST}${path}`, port, protocol: "HTTP/1.1", connections: 16, streams: 1 } as const;
  const values = [];
  for (let round = 0; round < rounds; round++) {
    const before = await usage(Deno.pid);
    const { all } = await h2load({ ...load, seconds, directory, signal });
    const after = await usage(Deno.pid);
    values.push((after.cpu - before.cpu) * 1e6 / all);
  }
  return values;
}
