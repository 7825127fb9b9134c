import { join } from "node:path";
import { step } from "../../../scripts/progress.ts";
import { ask, asked } from "../asked.ts";
import type { Bench, Context, Measured } from "../bench.ts";
import type { Comparison } from "../comparison.ts";
import { LineProcess } from "../line_process.ts";
import { peers } from "../peers.ts";
import { WarmEnvoy } from "../warm_envoy.ts";

export const warm: Bench = {
  name: "warm",
  title: "A request for a view that is awake",
  about:
    `One Envoy with one worker has the gateway's listeners and routes, as the sidecar gives them to it, and beside them
a listener with nothing but a static route. Both lead to one web server on the same machine. h2load asks as fast as it is
answered: on many connections for the rate, and with two requests at a time for p50 and p99.`,
  run,
};

async function run(context: Context): Promise<Measured> {
  const { directory, signal } = context;
  const programs = await peers("http", signal);
  await using backend = new LineProcess(join(programs, "backend"), []);
  const port = Number(await backend.line(signal));
  await using envoy = await WarmEnvoy.start({ backend: port, direct: [port], accessLog: false, directory });
  const peer = { name: "Envoy with a static route", port: envoy.direct[0]! };
  const comparisons: Comparison[] = [];
  for (const what of asked) {
    const found = await step(
      `warm: ${what.protocol}, ${what.size}`,
      () =>
        ask(context, what, { ours: envoy.gateway, peer, envoy: envoy.pid }, {
          rate: { be: "at least", ratio: 0.98 },
          p50: { be: "at most", ratio: 1.02 },
          p99: { be: "at most", ratio: 1.1 },
        }),
    );
    comparisons.push(...found.map((comparison) => {
      const headline = what.path === "/small" ? headlines[comparison.measure] : undefined;
      return headline ? { ...comparison, headline: `${headline}, ${what.protocol}` } : comparison;
    }));
  }
  return { comparisons };
}

const headlines: Readonly<Record<string, string>> = {
  "rate": "Warm requests in a second",
  "p50, two at a time": "The time of a warm request",
};
