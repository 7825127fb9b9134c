import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { step } from "../../../../scripts/process/step.ts";
import { machineAddress } from "../../../../sidecar/testing/machine_address.ts";
import type { BenchContext } from "../../bench.ts";
import { AwakeViews } from "../../load/awake_views.ts";
import { requestEach } from "../../load/request_each.ts";
import { SleepingViews } from "../../load/sleeping_views.ts";
import { CpuMeter } from "../../processes/cpu_meter.ts";
import { MeasuredKwok } from "../../processes/measured_kwok.ts";
import { metric } from "../../processes/metric.ts";
import { MeasuredGateway } from "./measured_gateway.ts";
import type { ByProcess } from "./namespace_sample.ts";

/** Seconds of each lease: longer than this part takes, also where much else runs. */
const LEASE = 21_600;
/** Another gateway's idle seconds, for which all of these leases are too short. */
const LONGER = 86_400;

/** Milliseconds in which all leases are renewed. */
const RENEWAL_LIMIT = 240_000;

export interface AwakeSample {
  readonly size: number;
  /** Milliseconds until the sidecar knew all views, and until Envoy had all of its configuration. */
  readonly synced: number;
  readonly ready: number;
  /** Bytes of resident memory. */
  readonly memory: ByProcess;
  /** Bytes that Envoy has allocated. */
  readonly allocated: number;
  /** Seconds of CPU in a second without traffic. */
  readonly idle: ByProcess;
  /** Milliseconds of CPU for one request to each view, and what follows from it, by view. */
  readonly request: ByProcess;
  /** The same where each request makes its view's lease due, less the former: one renewal. */
  readonly renewal: ByProcess;
  /** Renewals that succeeded. */
  readonly renewed: number;
  /** Of a scrape: milliseconds and bytes. */
  readonly scrapes: Readonly<Record<"envoy" | "sidecar", { readonly milliseconds: number; readonly bytes: number }>>;
  readonly load: number;
}

/** Measures a gateway of which thousands of views are awake. */
export async function manyAwake(context: BenchContext, bundle: string): Promise<AwakeSample> {
  const { directory, quick, signal } = context;
  const size = quick ? 200 : 10_000;
  const address = machineAddress;
  if (address === undefined) {
    throw new Error("This machine has no address but loopback, to which no view's request goes.");
  }
  await using backend = Deno.serve({ hostname: address, port: 0, onListen: () => {} }, () => new Response("ok"));
  await using kwok = await MeasuredKwok.start(signal);
  const { namespace } = await step("scale: an empty namespace", async () => {
    using views = await SleepingViews.in(kwok.kubeconfig, signal);
    // Pods need the service account that the controller manager creates.
    await views.hasServiceAccount();
    return views;
  });
  for (const component of ["kwok", "kube-scheduler", "kube-controller-manager"] as const) await kwok.end(component);
  const at = { address, port: backend.addr.port, lease: LEASE };
  using awake = new AwakeViews({ kubeconfig: kwok.kubeconfig, namespace, ...at, signal });
  await step(`scale: writing ${size} views that are awake`, () => awake.write(size));
  const starting = (name: string, idle: number) =>
    MeasuredGateway.start({
      ...{ bundle, kubeconfig: kwok.kubeconfig, namespace, directory: join(directory, name), signal },
      environment: { IDLE_SECONDS: String(idle), RUNNING_VIEWS: String(size * 2) },
    }, 120_000);
  const run = { ...context, size, kwok };
  const first = await step("scale: requests to views that are awake", async () => {
    await using gateway = await starting("first", LEASE);
    return await withShortIdle(run, gateway);
  });
  const second = await step("scale: leases are renewed", async () => {
    await using gateway = await starting("second", LONGER);
    return await renewals(run, gateway);
  });
  const renewal = Object.fromEntries(
    Object.entries(second.cost).map(([name, cost]) => [name, Math.max(0, cost - (first.request[name] ?? 0))]),
  );
  const { cost: _, ...rest } = second;
  return { size, ...first, ...rest, renewal, load: Deno.loadavg()[0]! };
}

type AwakeRun = BenchContext & { readonly size: number; readonly kwok: MeasuredKwok };

const viewsOf = (size: number) => Array.from({ length: size }, (_, i) => `view-${i}`);

function meterOf({ kwok, signal }: AwakeRun, { sidecar, envoy }: MeasuredGateway): CpuMeter {
  const [apiServer, etcd] = [kwok.pid("kube-apiserver"), kwok.pid("etcd")];
  return new CpuMeter({ "kube-apiserver": apiServer, etcd, sidecar: sidecar.pid, envoy: envoy.pid }, signal);
}

async function withShortIdle(run: AwakeRun, gateway: MeasuredGateway) {
  const { size, quick, signal } = run;
  const { sidecar, envoy } = gateway;
  const meter = meterOf(run, gateway);
  await pause(quick ? 500 : 3_000, undefined, { signal });
  const memory = await meter.memory();
  const allocated = Number(JSON.parse(await envoy.admin("/memory")).allocated);
  await meter.calibrate(quick ? 2 : 15);
  const request = await meter.costOf(size, () => askAll(run, gateway));
  const scrapes = {
    envoy: await scrape(() => envoy.admin("/stats/prometheus")),
    sidecar: await scrape(() => sidecar.metrics()),
  };
  return { synced: sidecar.synced, ready: gateway.ready, memory, allocated, idle: meter.idle, request, scrapes };
}

/** One request for each view, and the load report that tells of it. */
async function askAll({ size, signal }: AwakeRun, { envoy }: MeasuredGateway): Promise<void> {
  const good = await requestEach(viewsOf(size), await envoy.port("public"));
  if (good < size) throw new Error(`${size - good} of ${size} requests were not answered 200.`);
  await pause(6_000, undefined, { signal });
}

async function renewals(run: AwakeRun, gateway: MeasuredGateway) {
  const { size, signal } = run;
  const meter = meterOf(run, gateway);
  await pause(1_000, undefined, { signal });
  await meter.calibrate(5);
  let renewed = 0;
  const cost = await meter.costOf(size, async () => {
    const began = performance.now();
    const count = async () => metric(await gateway.sidecar.metrics(), "view_gateway_lease_renewals_total", "renewed");
    const asked = askAll(run, gateway);
    while ((renewed = await count()) < size && performance.now() - began < RENEWAL_LIMIT) {
      await pause(100, undefined, { signal });
    }
    await asked;
  });
  return { cost, renewed };
}

async function scrape(read: () => Promise<string>): Promise<{ readonly milliseconds: number; readonly bytes: number }> {
  const began = performance.now();
  const page = await read();
  return { milliseconds: performance.now() - began, bytes: page.length };
}
