import { once } from "node:events";
import { Agent, request } from "node:http";
import { step } from "../../../scripts/process/step.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { ViewKey } from "../../../sidecar/envoy/testing/view_keys.ts";
import type { BenchContext } from "../bench.ts";
import { InstructionCount } from "../processes/instruction_count.ts";
import { WarmEnvoy } from "../processes/warm_envoy.ts";
import type { Comparison } from "../report/comparison.ts";

const HOST = "bench.localhost";

/** Who asks: with a cookie that Envoy has seen before. */
interface Who {
  readonly name: string;
  readonly jwks?: string;
  readonly cookie?: string;
}

/** What it costs Envoy to know who asks, beside a gateway where nobody signs in. */
export async function signedIn(context: BenchContext, backend: number): Promise<readonly Comparison[]> {
  const key = await ViewKey.make("bench");
  const [jwks, cookie] = [ViewKey.jwks(key), await key.cookie("bench")];
  const peer = await instructions(context, backend, { name: "without authentication" });
  const compare = async (who: Who & { readonly ratio?: number; readonly headline?: string }): Promise<Comparison> => ({
    ...{ what: `HTTP/1.1, 100 B, ${who.name}`, measure: "Envoy's instructions for a request", unit: "instructions" },
    ...{ ours: await instructions(context, backend, who), peer: "without authentication", peers: peer },
    ...who.ratio !== undefined && { goal: { be: "at most", ratio: who.ratio } },
    ...who.headline !== undefined && { headline: who.headline },
  });
  return [
    await compare({
      ...{ name: "signed in", jwks, cookie },
      ...{ ratio: 1.35, headline: "Envoy's work for a warm request of somebody who has signed in" },
    }),
    await compare({ name: "signed in, with two other cookies", jwks, cookie: `a=1; ${cookie}; b=2` }),
  ];
}

/** Envoy's instructions for one request, in each round. */
async function instructions(
  { quick, rounds, signal }: BenchContext,
  backend: number,
  { name, jwks, cookie }: Who,
): Promise<number[]> {
  return await step(`warm: instructions, ${name}`, async () => {
    await using own = await temporaryDirectory({ prefix: "bench-instructions-" });
    const count = await InstructionCount.in(own.path, signal);
    const envoyOptions = { backend, peer: backend, accessLog: false, directory: own.path, under: count.command };
    await using envoy = await WarmEnvoy.start({ ...envoyOptions, ...jwks !== undefined && { jwks } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async () => {
      const headers = { host: HOST, ...cookie !== undefined && { cookie } };
      const call = request({ host: "127.0.0.1", port: envoy.gateway, path: "/small", agent, setHost: false, headers });
      const answered = once(call.end(), "response");
      const [response] = await answered;
      const ended = once(response, "end");
      response.resume();
      await ended;
      if (response.statusCode !== 200) throw new Error(`A request was answered ${response.statusCode}.`);
    };
    try {
      const found: number[] = [];
      for (let round = 0; round < rounds; round++) {
        found.push(await count.each(envoy.pid, quick ? 50 : 500, ask));
      }
      return found;
    } finally {
      agent.destroy();
    }
  });
}
