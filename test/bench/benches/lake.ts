import { step } from "../../../scripts/process/step.ts";
import { type HttpLoad, measureHttpLoad } from "../load/http_load.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison, Figure } from "../report/comparison.ts";
import { LARGE_OBJECT, PRESIGNED, ReadLake, SMALL_OBJECT } from "../processes/read_lake.ts";
import { lakeCosts } from "./lake_costs.ts";

/** Reads of one object, whose name is the path. */
interface Reads extends HttpLoad {
  /** Whether Envoy keeps signatures. */
  readonly keeps: boolean;
}

const SMALL = { ...SMALL_OBJECT, protocol: "HTTP/1.1", connections: 16, streams: 1, size: "1 kB" } as const;

const reads: readonly Reads[] = [
  { ...SMALL, keeps: true },
  { ...SMALL, size: "1 kB, signed by the sidecar each time", keeps: false },
  { ...LARGE_OBJECT, protocol: "HTTP/1.1", connections: 4, streams: 1, size: "16 MB", keeps: true },
];

export const lake: Bench = {
  name: "lake",
  title: "A view's page reads the lake",
  about:
    `A client reads an object of a MinIO on the same machine again and again, below \`/_lake/\` on a view's hostname. The
sidecar checks and signs the first request, and Envoy uses the signature again for five seconds. Envoy streams the body. Where
an object is read once, or by a token, the sidecar signs each request: this is measured too. The peer is the same Envoy and
listener with a static route. It passes presigned URLs of the same objects, with the view's own credentials, to MinIO.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const comparisons: Comparison[] = [];
  const figures: Figure[] = [];
  for (const read of reads) {
    const found = await step(`lake: ${read.size}`, () => measured(context, read));
    comparisons.push(...found.comparisons);
    figures.push(found.figure);
  }
  const costs = await lakeCosts(context);
  return { comparisons: [...comparisons, ...costs.comparisons], figures: [...figures, ...costs.figures] };
}

async function measured(context: BenchContext, read: Reads) {
  await using lake = await ReadLake.start({ keeps: read.keeps });
  const { port: ours, path } = lake.below(read.path);
  const peer = { name: PRESIGNED, ...await lake.presigned(read.path) };
  const goals = read.keeps ? { rate: { be: "at least", ratio: 0.95 } } as const : {};
  const found = await measureHttpLoad(context, { ...read, path }, { ours, peer, envoy: lake.envoy }, goals);
  const headline = `Objects of ${read.size} from the lake in a second`;
  const p50 = found.find(({ measure }) => measure.startsWith("p50"))!;
  return {
    comparisons: found.map((comparison) =>
      read.keeps && comparison.measure === "rate" ? { ...comparison, headline } : comparison
    ),
    figure: {
      ...{ what: read.size, measure: "added to the p50 of a presigned URL", unit: "ms" },
      values: p50.ours.map((ours, round) => ours - p50.peers[round]!),
      ...read.path === SMALL.path && read.keeps && {
        ...{
          goal: { be: "at most", value: 1 } as const,
          headline: "What the gateway adds to a small read from the lake",
        },
      },
    },
  };
}
