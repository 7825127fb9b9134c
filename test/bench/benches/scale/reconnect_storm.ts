import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../../scripts/process/step.ts";
import { type TcpForwarder, tcpForwarder } from "../../../../sidecar/kubernetes/testing/tcp_forwarder.ts";
import type { BenchContext } from "../../bench.ts";
import { configIn, SleepingViews } from "../../load/sleeping_views.ts";
import { LineProcess } from "../../processes/line_process.ts";
import { MeasuredKwok } from "../../processes/measured_kwok.ts";
import { peakMemory, resetPeakMemory, usage } from "../../processes/usage.ts";

export const GATEWAYS = 20;
/** Processes that have the watches of all gateways. */
export const PROCESSES = 4;

/** Milliseconds until all gateways are fresh. */
const LIMIT = 240_000;

/** What happens to all watches at once. */
export type Storm = "their connections close" | "the API server restarts";

export interface StormSample {
  readonly storm: Storm;
  readonly gateways: number;
  readonly size: number;
  /** Milliseconds until each gateway knew of a Service that was created since, from when the API server takes requests. */
  readonly fresh: readonly number[];
  /** Milliseconds from the first connection to each other one. */
  readonly connections: readonly number[];
  /** Lists, and watches, of all gateways. */
  readonly lists: number;
  readonly watches: number;
  /** Bytes from the API server to all gateways. */
  readonly bytes: number;
  /** Seconds of CPU until all gateways are fresh. */
  readonly cpu: { readonly apiServer: number; readonly gateways: number };
  /** Bytes: the API server's memory at most. */
  readonly peak: number;
  readonly load: number;
}

/** Lets many gateways lose their watches at once; without any gateway first, as far as that can be. */
export async function reconnectStorm(
  { directory, quick, rounds, signal }: BenchContext,
): Promise<readonly StormSample[]> {
  const size = quick ? 100 : 10_000;
  await using kwok = await MeasuredKwok.start(signal);
  using views = await SleepingViews.in(kwok.kubeconfig, signal);
  // Nothing in a storm needs the controllers, and they need minutes for so many Services.
  for (const controller of ["kwok", "kube-scheduler", "kube-controller-manager"] as const) await kwok.end(controller);
  await step(`scale: creating ${size} Services`, () => views.growAlone(size));
  const samples: StormSample[] = [];
  for (const gateways of [0, quick ? 2 : GATEWAYS]) {
    await using storms = await Storms.start({ kwok, views, size, gateways, directory, signal });
    for (const storm of ["their connections close", "the API server restarts"] as const) {
      if (gateways === 0 && storm === "their connections close") continue;
      for (let round = 0; round < Math.min(rounds, quick ? 1 : 3); round++) {
        samples.push(await step(`scale: ${gateways} gateways, ${storm}`, () => storms.happen(storm)));
      }
    }
  }
  return samples;
}

interface StormsOptions {
  readonly kwok: MeasuredKwok;
  readonly views: SleepingViews;
  readonly size: number;
  readonly gateways: number;
  readonly directory: string;
  readonly signal: AbortSignal;
}

interface Counts {
  readonly lists: number;
  readonly watches: number;
}

/** Gateways that watch one API server through a forwarder. */
class Storms implements AsyncDisposable {
  readonly #options: StormsOptions;
  readonly #forwarder: TcpForwarder;
  readonly #processes: readonly LineProcess[];
  #markers = 0;

  private constructor(options: StormsOptions, forwarder: TcpForwarder, processes: readonly LineProcess[]) {
    this.#options = options;
    this.#forwarder = forwarder;
    this.#processes = processes;
  }

  static async start(options: StormsOptions): Promise<Storms> {
    const { kwok, views, gateways, directory, signal } = options;
    const forwarder = tcpForwarder(configIn(kwok.kubeconfig));
    const kubeconfig = join(directory, `forwarded-${gateways}.json`);
    await Deno.writeTextFile(kubeconfig, forwarder.load().exportConfig());
    const program = fileURLToPath(new URL("../../servers/watching_gateways.ts", import.meta.url));
    const count = Math.min(PROCESSES, gateways);
    const processes = Array.from({ length: count }, () =>
      new LineProcess(
        Deno.execPath(),
        ["run", "--no-check", "-A", "--unstable-no-legacy-abort", program, String(gateways / count), views.namespace],
        { env: { KUBECONFIG: kubeconfig } },
      ));
    const storms = new Storms(options, forwarder, processes);
    try {
      await step(`scale: ${gateways} gateways start`, async () => {
        for (const process of processes) await process.line(signal);
      });
      return storms;
    } catch (error) {
      await storms[Symbol.asyncDispose]();
      throw error;
    }
  }

  async happen(storm: Storm): Promise<StormSample> {
    const { kwok, views, size, gateways, signal } = this.#options;
    const forwarder = this.#forwarder;
    await pause(3_000, undefined, { signal });
    // A new API server cannot continue a watch that knows only an older version than it began with, and so all are listed again.
    await views.changeOther(this.#markers);
    await pause(1_000, undefined, { signal });
    const [counts, bytes, clients] = [await this.#counts(), forwarder.received, await this.#cpu()];
    const connected = forwarder.accepted.length;
    let before = 0;
    if (storm === "the API server restarts") await kwok.restart("kube-apiserver");
    else {
      await resetPeakMemory(kwok.pid("kube-apiserver"));
      before = (await usage(kwok.pid("kube-apiserver"))).cpu;
      forwarder.cut();
    }
    const marker = `marker-${gateways}-${this.#markers++}`;
    const back = await this.#createAsSoonAsPossible(marker);
    const heard = await this.#heard(marker);
    await this.#settled(size);
    const after = await this.#counts();
    const { cpu } = await usage(kwok.pid("kube-apiserver"));
    const connections = forwarder.accepted.slice(connected);
    const [first = 0] = connections;
    return {
      ...{ storm, gateways, size },
      fresh: heard.map((at) => Math.max(0, at - back)),
      connections: connections.map((at) => at - first),
      ...{ lists: after.lists - counts.lists, watches: after.watches - counts.watches },
      bytes: forwarder.received - bytes,
      cpu: { apiServer: cpu - before, gateways: await this.#cpu() - clients },
      peak: await peakMemory(kwok.pid("kube-apiserver")),
      load: Deno.loadavg()[0]!,
    };
  }

  /** Answers when the API server took it, in milliseconds since the epoch. */
  async #createAsSoonAsPossible(marker: string): Promise<number> {
    const { kwok, views, signal } = this.#options;
    for (const began = performance.now();;) {
      try {
        await views.create(marker);
        return Date.now();
      } catch (error) {
        if (performance.now() - began > LIMIT) throw error;
        // A client that called its port in vain may have had that port itself.
        if (!kwok.runs("kube-apiserver")) await kwok.restart("kube-apiserver");
        await pause(50, undefined, { signal });
      }
    }
  }

  /** When each gateway heard of it. */
  async #heard(marker: string): Promise<readonly number[]> {
    const { gateways, signal } = this.#options;
    const each = this.#processes.map(async (process) => {
      const moments: number[] = [];
      while (moments.length < gateways / this.#processes.length) {
        const { heard, at } = JSON.parse(await process.line(signal, LIMIT));
        if (heard === marker) moments.push(at);
      }
      return moments;
    });
    return (await Promise.all(each)).flat();
  }

  /** A new API server still has work when the last gateway is fresh; so it has without gateways. */
  async #settled(size: number): Promise<void> {
    await pause(size > 1_000 ? 5_000 : 1_000, undefined, { signal: this.#options.signal });
  }

  async #counts(): Promise<Counts> {
    const counts: Counts[] = [];
    for (const process of this.#processes) {
      await process.say("counts");
      counts.push(JSON.parse(await process.line(this.#options.signal)));
    }
    const sum = (of: keyof Counts) => counts.reduce((sum, one) => sum + one[of], 0);
    return { lists: sum("lists"), watches: sum("watches") };
  }

  async #cpu(): Promise<number> {
    const all = await Promise.all(this.#processes.map(({ pid }) => usage(pid)));
    return all.reduce((sum, { cpu }) => sum + cpu, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    await this.#forwarder[Symbol.asyncDispose]();
  }
}
