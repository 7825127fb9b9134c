import { join } from "node:path";
import { step } from "../../../scripts/process/step.ts";
import { httpLoads, measureHttpLoad } from "../load/http_load.ts";
import type { Bench, BenchContext, Measured } from "../bench.ts";
import type { Comparison } from "../report/comparison.ts";
import { LineProcess } from "../processes/line_process.ts";
import { peers } from "../peers.ts";
import { WarmEnvoy } from "../processes/warm_envoy.ts";

export const hop: Bench = {
  name: "hop",
  title: "Without a second proxy in the way",
  about:
    `Other systems that scale to zero keep a proxy between the ingress and the workload. Here the same Envoy leads, by a
static route, through Knative's activator to the web server. The activator has its own handler, proxy and transport (Go module
knative.dev/serving 0.42, the newest whose dependencies the module proxy has). Its throttler always has room. Its Kubernetes
watches, request log, metrics and probes are off, so a real one does more for each request.`,
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { directory, signal } = context;
  const [web, knative] = [await peers("http", signal), await peers("knative", signal)];
  await using backend = new LineProcess(join(web, "backend"), []);
  const port = Number(await backend.line(signal));
  await using activator = new LineProcess(join(knative, "activator"), [`127.0.0.1:${port}`]);
  const through = Number(await activator.line(signal));
  await using envoy = await WarmEnvoy.start({ backend: port, peer: through, accessLog: false, directory });
  const peer = { name: "through Knative's activator", port: envoy.direct };
  const comparisons: Comparison[] = [];
  for (const what of httpLoads) {
    const found = await step(
      `hop: ${what.protocol}, ${what.size}`,
      () =>
        measureHttpLoad(context, what, { ours: envoy.gateway, peer, envoy: envoy.pid }, {
          rate: { be: "at least", ratio: 3 },
        }),
    );
    comparisons.push(
      ...found.map((comparison) =>
        comparison.measure === "rate" && what.path === "/small"
          ? { ...comparison, headline: `The same, through a second proxy, ${what.protocol}` }
          : comparison
      ),
    );
  }
  return { comparisons };
}
