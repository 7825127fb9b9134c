import { join } from "node:path";
import { step } from "../../../scripts/process/step.ts";
import { httpLoads, measureHttpLoad } from "../load/http_load.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison } from "../report/comparison.ts";
import { LineProcess } from "../processes/line_process.ts";
import { peers } from "../peers.ts";
import { warmInstructions } from "./warm_instructions.ts";
import { WarmEnvoy } from "../processes/warm_envoy.ts";

export const warm: Bench = {
  name: "warm",
  title: "A request for a view that is awake",
  about:
    `One Envoy with one worker has the gateway's listeners and routes, as the sidecar sends them. The peer is the same
listener with a static route: it chooses no cluster by the host's name and does not retry. Both lead to one web server on the
same machine. A third, least listener shows what the rest costs. It has no client addresses, no normal paths and no limits,
which no public gateway can do without. h2load sends as fast as it gets answers: over many connections for the rate, and two
requests at a time for p50 and p99. Envoy's instructions for a request are
counted too, which hardly depend on what else the machine does. Where people sign in, Envoy also verifies a cookie, caches
that, and cuts the cookie out: this is beside the gateway where nobody signs in.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { directory, signal } = context;
  const programs = await peers("http", signal);
  await using backend = new LineProcess(join(programs, "backend"), []);
  const port = Number(await backend.line(signal));
  await using envoy = await WarmEnvoy.start({ backend: port, peer: port, accessLog: false, directory });
  const peer = { name: "a static route", port: envoy.direct };
  const least = { name: "the least listener", port: envoy.least };
  const ways = { ours: envoy.gateway, envoy: envoy.pid };
  const comparisons: Comparison[] = [];
  for (const what of httpLoads) {
    const label = `warm: ${what.protocol}, ${what.size}`;
    const found = await step(label, () =>
      measureHttpLoad(context, what, { ...ways, peer }, {
        rate: { be: "at least", ratio: 0.98 },
        p50: { be: "at most", ratio: 1.02 },
        p99: { be: "at most", ratio: 1.1 },
      }));
    comparisons.push(...found.map((comparison) => {
      const headline = what.path === "/small" ? headlines[comparison.measure] : undefined;
      return headline ? { ...comparison, headline: `${headline}, ${what.protocol}` } : comparison;
    }));
    if (what.path === "/small") {
      comparisons.push(
        ...await step(`${label}, the least`, () => measureHttpLoad(context, what, { ...ways, peer: least }, {})),
      );
    }
  }
  comparisons.push(...await warmInstructions(context, port));
  return { comparisons };
}

const headlines: Readonly<Record<string, string>> = {
  "rate": "Warm requests in a second",
  "p50, two at a time": "The time of a warm request",
};
