import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../../scripts/process/step.ts";
import { Transport } from "../../../../sidecar/kubernetes/transport.ts";
import { NAME_LABEL } from "../../../../sidecar/view/labels.ts";
import type { BenchContext } from "../../bench.ts";
import { configIn, SleepingViews } from "../../load/sleeping_views.ts";
import { CpuMeter } from "../../processes/cpu_meter.ts";
import { MeasuredKwok } from "../../processes/measured_kwok.ts";
import { type SidecarOptions, SidecarProcess } from "../../processes/sidecar_process.ts";
import { MeasuredGateway } from "./measured_gateway.ts";
import type { ByProcess, NamespaceSample, ScaleOperation, SeenView } from "./namespace_sample.ts";
import { type WakeTimes, WakeWatch } from "./wake_times.ts";

/** Milliseconds that an EndpointSlice may take. */
const SLICE_LIMIT = 120_000;

/** Views that wake at once. */
const CROWD = 20;

/** Fills namespaces, and measures what operations cost in one of them. */
export async function namespaceOfSize(
  context: BenchContext,
  { size, namespaces, bundle }: { readonly size: number; readonly namespaces: number; readonly bundle: string },
): Promise<NamespaceSample> {
  const { directory, quick, signal } = context;
  await using kwok = await MeasuredKwok.start(signal);
  const { views, ...filled } = await fill(kwok, { size, namespaces, signal });
  using _views = views;
  const options = { bundle, kubeconfig: kwok.kubeconfig, namespace: views.namespace, signal };
  const starting = () => ({ ...options, directory: join(directory, crypto.randomUUID().slice(0, 8)) });
  const started = await step("scale: starts of the sidecar", () => starts(context, kwok, starting));
  await using gateway = await MeasuredGateway.start(starting(), 60_000);
  const pids = { ...kwok.pids, sidecar: gateway.sidecar.pid, envoy: gateway.envoy.pid };
  const meter = new CpuMeter(pids, signal);
  await meter.quiet();
  await meter.calibrate(quick ? 2 : 6);
  using transport = transportOf(kwok.kubeconfig);
  await using watch = await WakeWatch.of(transport.transport, views.namespace);
  const run = new NamespaceRun({ context, size, views, gateway, watch, meter, transport: transport.transport });
  const measured = await run.operations();
  const list = await listOf(transport.transport, views.namespace, signal);
  const [memory, database] = [await meter.memory(), await kwok.databaseSize()];
  return { ...{ size, namespaces, ...filled, ...started, list, memory, database }, ...measured };
}

async function fill(
  kwok: MeasuredKwok,
  { size, namespaces, signal }: { readonly size: number; readonly namespaces: number; readonly signal: AbortSignal },
) {
  const meter = new CpuMeter(kwok.pids, signal);
  await meter.calibrate(1);
  const began = performance.now();
  let views: SleepingViews | undefined;
  const cost = await meter.costOf(size * namespaces, async () => {
    for (let i = 0; i < namespaces; i++) {
      views?.[Symbol.dispose]();
      const made = views = await SleepingViews.in(kwok.kubeconfig, signal, `bench-${i}`);
      await made.grow(size);
    }
    await step("scale: until Kubernetes is quiet", () => meter.quiet());
  });
  return { views: views!, filled: (performance.now() - began) / 1000, fill: cost };
}

/** The first start has no compiled code, which a restarted container has. */
async function starts({ rounds, signal }: BenchContext, kwok: MeasuredKwok, starting: () => SidecarOptions) {
  const meter = new CpuMeter(kwok.pids, signal);
  const milliseconds: number[] = [];
  let cost: ByProcess = {};
  for (let round = 0; round <= Math.min(rounds, 3); round++) {
    cost = await meter.costOf(1, async () => {
      await using sidecar = await SidecarProcess.start(starting());
      if (round > 0) milliseconds.push(sidecar.synced);
    });
  }
  return { starts: milliseconds, startCost: cost };
}

function transportOf(kubeconfig: string): Disposable & { readonly transport: Transport } {
  const transport = new Transport(() => configIn(kubeconfig));
  return { transport, [Symbol.dispose]: () => transport.close() };
}

/** Reads all Services as a sidecar does. */
async function listOf(transport: Transport, namespace: string, signal: AbortSignal) {
  let [bytes, pages, next] = [0, 0, ""];
  do {
    const query = new URLSearchParams({ labelSelector: NAME_LABEL, limit: "500", ...next && { continue: next } });
    const path = `/api/v1/namespaces/${namespace}/services?${query}`;
    const { text } = await transport.call({ method: "GET", path, limit: 60_000 }, signal);
    bytes += text.length;
    pages++;
    next = JSON.parse(text).metadata.continue ?? "";
  } while (next !== "");
  return { bytes, pages };
}

interface RunOptions {
  readonly context: BenchContext;
  readonly size: number;
  readonly views: SleepingViews;
  readonly gateway: MeasuredGateway;
  readonly watch: WakeWatch;
  readonly meter: CpuMeter;
  readonly transport: Transport;
}

/** The operations in one namespace, one kind after the other. */
class NamespaceRun {
  readonly #options: RunOptions;
  readonly #load: number[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async operations(): Promise<Pick<NamespaceSample, "cost" | "creations" | "wakes" | "together" | "load">> {
    const { context: { quick }, size, views, gateway } = this.#options;
    const [few, crowds, many] = quick ? [3, 1, 3] : [20, 2, 60];
    const changes = Math.min(size, quick ? 20 : 200);
    const event = await this.#part("events", changes, () => views.change(changes, 1));
    const names = (what: string, count: number) => Array.from({ length: count }, (_, i) => `${what}-${i}`);
    const creations: SeenView[] = [];
    const creation = await this.#part("creations", many, async () => {
      for (const view of names("made", many)) {
        creations.push(await this.#seen(view, "sliceCreated", () => gateway.create(view)));
      }
    });
    const wakes: SeenView[] = [];
    const alone = names("view", few);
    const crowd = Math.min(CROWD, Math.floor((size - few) / crowds));
    const crowded = Array.from({ length: crowd * crowds }, (_, i) => `view-${few + i}`);
    await this.#part("views lose their subsets", 1, () => views.takeSubsets([...alone, ...crowded]));
    const wake = await this.#part("wakes, one after the other", few, async () => {
      for (const view of alone) wakes.push(await this.#seen(view, "sliceReady", () => gateway.pass(view)));
    });
    const together: SeenView[][] = [];
    const wakeTogether = await this.#part(`wakes, ${crowd} at once`, crowded.length, async () => {
      for (let i = 0; i < crowds; i++) {
        const those = crowded.slice(i * crowd, (i + 1) * crowd);
        together.push(
          await Promise.all(those.map((view) => this.#seen(view, "sliceReady", () => gateway.pass(view)))),
        );
      }
    });
    const awake = [...alone, ...crowded];
    const renewal = await this.#part("renewals", awake.length, () => this.#renew(awake));
    const sleep = await this.#part("views fall asleep", awake.length, async () => {
      await Promise.all(awake.map((view) => gateway.sleep(view)));
    });
    const cost: Record<ScaleOperation, ByProcess> = {
      ...{ creation, event, wake, sleep, renewal },
      "wake of 20 at once": wakeTogether,
    };
    return { cost, creations, wakes, together, load: this.#load };
  }

  async #part(what: string, count: number, act: () => Promise<unknown>): Promise<ByProcess> {
    const { meter } = this.#options;
    const cost = await step(`scale: ${what}`, () =>
      meter.costOf(count, async () => {
        await act();
        await meter.quiet();
      }));
    this.#load.push(Deno.loadavg()[0]!);
    return cost;
  }

  /** Does something to a view, and waits until Kubernetes has done its part too. */
  async #seen(view: string, last: keyof WakeTimes, act: () => Promise<void>): Promise<SeenView> {
    const { watch, context: { signal } } = this.#options;
    const asked = performance.now();
    await act();
    const answered = performance.now();
    while (watch.of(view)[last] === undefined && performance.now() - answered < SLICE_LIMIT) {
      await pause(5, undefined, { signal });
    }
    return { asked, answered, times: { ...watch.of(view) } };
  }

  /** As the sidecar renews leases: one patch for each. */
  async #renew(views: readonly string[]): Promise<void> {
    const { transport, views: { namespace }, context: { signal } } = this.#options;
    for (const view of views) {
      await transport.call({
        ...{ method: "PATCH", path: `/apis/batch/v1/namespaces/${namespace}/jobs/${view}` },
        headers: { "content-type": "application/json-patch+json" },
        body: JSON.stringify([{ op: "replace", path: "/spec/activeDeadlineSeconds", value: 4_000 }]),
      }, signal);
    }
  }
}
