import { Agent } from "node:http";
import { step } from "../../../scripts/process/step.ts";
import { temporaryDirectory } from "../../../scripts/process/temporary_directory.ts";
import { ViewKey } from "../../../sidecar/envoy/testing/view_keys.ts";
import type { BenchContext } from "../bench.ts";
import { readOnce } from "../load/read_once.ts";
import { InstructionCount } from "../processes/instruction_count.ts";
import { WarmEnvoy } from "../processes/warm_envoy.ts";
import type { Comparison } from "../report/comparison.ts";

const HOST = "bench.localhost";

/** Who asks: with a cookie that Envoy has seen before. */
interface Who {
  readonly name: string;
  readonly jwks?: string;
  readonly cookie?: string;
  /** The listener that is asked. Default: the gateway's. */
  readonly listener?: "gateway" | "direct";
  readonly headers?: Readonly<Record<string, string>>;
  readonly traced?: boolean;
}

/** What Firefox sends. */
const BROWSER = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "accept-language": "en-US,en;q=0.5",
  "accept-encoding": "gzip, deflate, br",
  "upgrade-insecure-requests": "1",
  "sec-fetch-dest": "document",
  "sec-fetch-mode": "navigate",
  "sec-fetch-site": "none",
  "sec-fetch-user": "?1",
};

/**
 * Envoy's instructions for a warm request: where nobody signs in, beside a static route; and what it costs to know who asks,
 * beside that.
 */
export async function warmInstructions(context: BenchContext, backend: number): Promise<readonly Comparison[]> {
  const key = await ViewKey.make("bench");
  const [jwks, cookie] = [ViewKey.jwks(key), await key.cookie("bench")];
  const peer = await instructions(context, backend, { name: "without authentication" });
  const besideStatic = async (name: string, ours: readonly number[], headers: Who["headers"] = {}) => ({
    ...{ what: `HTTP/1.1, 100 B${name}`, measure: "Envoy's instructions for a request", unit: "instructions", ours },
    peer: "a static route",
    peers: await instructions(context, backend, { name: `a static route${name}`, listener: "direct", headers }),
  });
  const browser = await instructions(context, backend, { name: "with a browser's headers", headers: BROWSER });
  const compare = async (who: Who & { readonly ratio?: number; readonly headline?: string }): Promise<Comparison> => ({
    ...{ what: `HTTP/1.1, 100 B, ${who.name}`, measure: "Envoy's instructions for a request", unit: "instructions" },
    ...{ ours: await instructions(context, backend, who), peer: "without authentication", peers: peer },
    ...who.ratio !== undefined && { goal: { be: "at most", ratio: who.ratio } },
    ...who.headline !== undefined && { headline: who.headline },
  });
  return [
    await besideStatic("", peer),
    await besideStatic(", with a browser's headers", browser, BROWSER),
    await compare({
      ...{ name: "signed in", jwks, cookie },
      ...{ ratio: 1.35, headline: "Envoy's work for a warm request of somebody who has signed in" },
    }),
    await compare({ name: "while requests at the gate are traced", traced: true, ratio: 1.05 }),
    await compare({ name: "signed in, with two other cookies", jwks, cookie: `a=1; ${cookie}; b=2` }),
  ];
}

/** Envoy's instructions for one request, in each round. */
async function instructions(
  { quick, rounds, signal }: BenchContext,
  backend: number,
  { name, jwks, cookie, listener = "gateway", headers = {}, traced = false }: Who,
): Promise<number[]> {
  return await step(`warm: instructions, ${name}`, async () => {
    await using own = await temporaryDirectory({ prefix: "bench-instructions-" });
    const count = await InstructionCount.in(own.path, signal);
    const envoyOptions = {
      backend,
      peer: backend,
      accessLog: false,
      directory: own.path,
      traced,
      under: count.command,
    };
    await using envoy = await WarmEnvoy.start({ ...envoyOptions, ...jwks !== undefined && { jwks } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sent = { host: HOST, ...headers, ...cookie !== undefined && { cookie } };
    const ask = () => readOnce({ port: envoy[listener], path: "/small", agent, headers: sent });
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
